// A renderer's WebSocket as a Channel: JSON text both ways. What is not JSON text ends it.
import type { RawData, WebSocket } from 'ws';
import type { Channel } from '../../ipc/channel.ts';
import type { Log } from '../../ports.ts';

const policyViolation = 1008;
const goingAway = 1001;

export function socketChannel(socket: WebSocket, log: Log): Channel {
  return {
    post(frame) {
      if (socket.readyState !== socket.OPEN) throw new Error('the page is gone');
      socket.send(JSON.stringify(frame));
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        const frame = isBinary ? undefined : parse(data);
        if (frame === undefined) socket.close(policyViolation, 'not JSON');
        else listener(frame);
      });
    },
    close(reason) {
      log('info', 'a bridge was closed', { reason });
      socket.close(reason === 'the counter stops' ? goingAway : policyViolation, reason);
    },
  };
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
