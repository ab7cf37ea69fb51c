// Owns the sandbox's way to say no, in Razorpay's words and shape. Thrown from anywhere below the routes, inside or
// outside a transaction (which it rolls back), and turned into an answer in one place.

export interface RefusalBody {
  readonly error: {
    readonly code: 'BAD_REQUEST_ERROR' | 'GATEWAY_ERROR' | 'SERVER_ERROR';
    readonly description: string;
    readonly source: string;
    readonly step: string;
    readonly reason: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly field?: string;
  };
}

export class Refusal extends Error {
  readonly status: number;
  readonly body: RefusalBody;

  constructor(description: string, { status = 400, field }: { status?: number; field?: string } = {}) {
    super(description);
    this.name = 'Refusal';
    this.status = status;
    this.body = {
      error: {
        code: status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST_ERROR',
        description,
        source: status >= 500 ? 'internal' : 'business',
        step: 'payment_initiation',
        reason: status >= 500 ? 'server_error' : 'input_validation_failed',
        metadata: {},
        ...(field === undefined ? {} : { field }),
      },
    };
  }
}

export const noSuchId = () => new Refusal('The id provided does not exist');
export const noSuchUrl = () => new Refusal('The requested URL was not found on the server.');
