// A bad line between a counter and the server: 256 kbit/s each way, and 5 of 100 packets lost on arrival. Linux makes it: a network
// of its own, joined to this one by a pair of virtual cards that are as slow as that. Real TCP, real losses; it needs root.
import { execFileSync, spawnSync } from 'node:child_process';
import { connect, createServer } from 'node:net';

export interface SlowLine {
  /** The server, as it is reached from the other end. */
  readonly serverUrl: string;
  /** Runs a program at the other end. */
  readonly by: readonly string[];
  /** Packets that were lost until now, both ways. */
  lost(): number;
  /** Takes the network away again. */
  close(): Promise<void>;
}

const [here, there] = ['10.213.0.1', '10.213.0.2'];

/** `url`: of a server on this machine. null where this machine makes no such line, with why on the error stream. */
export async function openSlowLine(url: string): Promise<SlowLine | null> {
  const name = `pharmapulse${process.pid}`;
  const [near, far] = [`ppn${process.pid}`, `ppf${process.pid}`];
  const run = (text: string): string => {
    const [program = '', ...args] = text.split(' ');
    return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  };
  const inside = `ip netns exec ${name}`;
  const lossy = (prefix: string, card: string) => {
    run(`${prefix}tc qdisc add dev ${card} root tbf rate 256kbit burst 3000 latency 800ms`);
    run(`${prefix}nft add table ip ${name}`);
    run(`${prefix}nft add chain ip ${name} arrive { type filter hook input priority 0 ; }`);
    run(`${prefix}nft add rule ip ${name} arrive iifname ${card} numgen random mod 100 < 5 counter drop`);
  };
  const undo = () => {
    for (const text of [`ip netns del ${name}`, `ip link del ${near}`, `nft delete table ip ${name}`]) {
      const [program = '', ...args] = text.split(' ');
      // What was not made, or went with what was taken away before it, is told by an exit code that means nothing here.
      spawnSync(program, args, { stdio: 'ignore' });
    }
  };
  try {
    run(`ip netns add ${name}`);
    run(`ip link add ${near} type veth peer name ${far}`);
    run(`ip link set ${far} netns ${name}`);
    run(`ip addr add ${here}/24 dev ${near}`);
    run(`ip link set ${near} up`);
    run(`${inside} ip addr add ${there}/24 dev ${far}`);
    run(`${inside} ip link set ${far} up`);
    lossy('', near);
    lossy(`${inside} `, far);
  } catch (error) {
    undo();
    console.error(`no slow line on this machine: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  const gate = createServer((socket) => {
    const on = connect(Number(new URL(url).port), '127.0.0.1');
    socket.pipe(on).pipe(socket);
    for (const [end, other] of [[socket, on] as const, [on, socket] as const]) end.on('error', () => other.destroy());
  });
  const port = await new Promise<number>((listening) => {
    gate.listen(0, here, () => listening((gate.address() as { port: number }).port));
  });
  return {
    serverUrl: `http://${here}:${port}`,
    by: ['ip', 'netns', 'exec', name],
    lost: () =>
      ['', `${inside} `]
        .map((prefix) => /packets (\d+)/.exec(run(`${prefix}nft list chain ip ${name} arrive`))?.[1])
        .reduce((sum, packets) => sum + Number(packets ?? 0), 0),
    async close() {
      gate.close();
      undo();
    },
  };
}
