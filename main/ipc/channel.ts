// What carries frames between one renderer and the core: Electron's IPC, a WebSocket, or two functions in a test. It must
// not know what the frames say.

/**
 * post: hands one frame (plain data that JSON can hold) to the renderer; throws once closed. onMessage: called with every
 * frame from the renderer, unparsed; there is one listener. close: ends it from our side, with a reason for the log.
 */
export interface Channel {
  readonly post: (frame: unknown) => void;
  readonly onMessage: (listener: (frame: unknown) => void) => void;
  readonly close: (reason: string) => void;
}
