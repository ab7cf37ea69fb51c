// What every part of the fake Electron is made of: objects that throw for what they do not have, and emitters.
import { EventEmitter } from 'node:events';

/** What tests, promises and inspectors ask of any object; everything else that is missing throws. */
const asked = new Set([
  'then',
  'toJSON',
  'asymmetricMatch',
  'nodeType',
  'tagName',
  '$$typeof',
  'inspect',
  '__esModule',
]);

const isClass = (value: unknown) =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** The same object, but a property that is not there throws by name. Methods keep the object itself as `this`. */
export function strict<T extends object>(name: string, parts: T): T {
  return new Proxy(parts, {
    get(target, key) {
      if (!(key in target)) {
        if (typeof key === 'symbol' || asked.has(key)) return undefined;
        throw new Error(`the fake has no ${name}.${key}`);
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' && key !== 'constructor' && !isClass(value) ? value.bind(target) : value;
    },
  });
}

type Listener = (...args: never[]) => void;

export class Emitter {
  readonly #events = new EventEmitter();

  /** Electron's `on` gives back the whole emitter, which no fake is: `never` fits, and nobody may use it. */
  on(event: string, listener: Listener): never {
    this.#events.on(event, listener as (...args: unknown[]) => void);
    return undefined as never;
  }

  /** Calls the listeners with an event object, as Electron would; true when its default was prevented. */
  fire(event: string, parts: object = {}, ...args: unknown[]): boolean {
    let prevented = false;
    const preventDefault = () => {
      prevented = true;
    };
    this.#events.emit(event, { ...parts, preventDefault }, ...args);
    return prevented;
  }

  listens(event: string): boolean {
    return this.#events.listenerCount(event) > 0;
  }
}

/** What has happened in the app so far, in order, and whether it is ready. */
export class World {
  ready = false;
  readonly happened: string[] = [];

  note(what: string): void {
    this.happened.push(what);
  }

  needReady(what: string): void {
    if (!this.ready) throw new Error(`${what} before the app is ready`);
  }

  needEarly(what: string): void {
    if (this.ready) throw new Error(`${what} after the app is ready`);
  }
}
