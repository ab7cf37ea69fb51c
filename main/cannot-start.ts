// Why a counter cannot start on a data folder, in a sentence that a host shows to a person as it is, or says in the user's own language by code and place.

/**
 * in_use: another counter has the folder. newer_data: a newer app wrote a file. damaged_outbox: the outbox cannot be read
 * and cannot be salvaged. not_durable: the disk does not keep what it says it has written.
 */
export type CannotStartCode = 'in_use' | 'newer_data' | 'damaged_outbox' | 'not_durable';

export class CannotStart extends Error {
  readonly code: CannotStartCode;
  /** The folder or file that it is about. */
  readonly place: string;

  constructor(code: CannotStartCode, place: string, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'CannotStart';
    this.code = code;
    this.place = place;
  }
}
