// Bodies that the server must refuse, route by route: each is one fault away from a good one, and says where the fault is.

export interface BadBody {
  readonly route: Route;
  readonly what: string;
  /** The good body with this changed; undefined takes a field away. */
  readonly change: Readonly<Record<string, unknown>>;
  /** The path that details.faults names. */
  readonly at: string;
}

/** A GSTIN of Maharashtra with the right check character. */
export const goodGstin = '27AAPFU0939F1ZV';

/** The routes with a JSON body, with a body that each would take. */
export const goodBodies = {
  '/api/orgs': {
    legalName: 'Asha Medicals',
    address: '12 MG Road, Pune',
    stateCode: '27',
    pin: '411001',
    deviceName: 'Front counter',
  },
  '/api/devices/join': { code: 'ABCD2345', deviceName: 'Second counter' },
  '/api/branches': { name: 'Kothrud' },
  '/api/billing/profile': {
    legalName: 'Asha Medicals',
    address: '12 MG Road, Pune',
    stateCode: '27',
    pin: '411001',
    gstin: null,
    phone: null,
    email: null,
  },
  '/api/billing/plan/purchase': {},
  '/api/billing/renewal/subscribe': { mode: 'manual' },
  '/api/billing/credits/topup': { packs: 1 },
  '/api/credits/spend': { amount: 5, feature: 'ai.assist' },
  '/test/clock': { now: '2026-11-22T06:30:00.000Z' },
} as const satisfies Record<string, Record<string, unknown>>;
export type Route = keyof typeof goodBodies;

/** How a body is sent to a route of `goodBodies`. */
export const methodOf = (route: Route): 'POST' | 'PUT' => (route === '/api/billing/profile' ? 'PUT' : 'POST');

const each = (route: Route, at: string, values: Readonly<Record<string, unknown>>): BadBody[] =>
  Object.entries(values).map(([what, value]) => ({ route, what: `${at} ${what}`, change: { [at]: value }, at }));

const text = (most: number) => ({
  missing: undefined,
  'a number': 7,
  null: null,
  empty: '',
  'of blanks': '   ',
  'with a line break': 'a\nb',
  'with a NUL': 'a\u0000b',
  'with half a character': 'a\ud800',
  'too long': 'x'.repeat(most + 1),
});
const amount = { 0: 0, negative: -5, 'a fraction': 1.5, 'a text': '5', null: null, 'above 1e12': 1_000_000_000_001 };
const buying = ['/api/billing/plan/purchase', '/api/billing/renewal/subscribe', '/api/billing/credits/topup'] as const;

export const badBodies: readonly BadBody[] = [
  ...each('/api/orgs', 'legalName', text(200)),
  ...each('/api/orgs', 'address', text(500)),
  ...each('/api/orgs', 'deviceName', text(100)),
  ...each('/api/orgs', 'branchName', { 'a number': 7, empty: '', 'with a tab': 'a\tb', 'too long': 'x'.repeat(101) }),
  ...each('/api/orgs', 'stateCode', {
    missing: undefined,
    'a number': 27,
    'of one digit': '7',
    'a name': 'MH',
    unknown: '99',
    'of a state that is no more': '28',
    '00': '00',
  }),
  ...each('/api/orgs', 'pin', {
    missing: undefined,
    'a number': 411001,
    'of five digits': '41100',
    'with a letter': '41100A',
    'beginning with 0': '011001',
  }),
  ...each('/api/orgs', 'gstin', {
    'a number': 27,
    'too short': '27AAPFU0939F1Z',
    'with a wrong check character': '27AAPFU0939F1ZW',
    'of another state': '29AAPFU0939F1ZR',
    'too long': '27AAPFU0939F1ZV000000',
  }),
  ...each('/api/orgs', 'phone', { 'with letters': 'call me', 'too short': '12345', 'a number': 9822012345 }),
  ...each('/api/orgs', 'email', { 'without an at sign': 'asha.example.in', 'a number': 7 }),
  ...each('/api/billing/profile', 'legalName', text(200)),
  ...each('/api/billing/profile', 'address', text(500)),
  ...each('/api/billing/profile', 'stateCode', { missing: undefined, unknown: '99', 'of no more': '28', null: null }),
  ...each('/api/billing/profile', 'pin', {
    missing: undefined,
    'of five digits': '41100',
    'beginning with 0': '011001',
  }),
  ...each('/api/billing/profile', 'gstin', {
    missing: undefined,
    'with a wrong check character': '27AAPFU0939F1ZW',
    'of another state': '29AAPFU0939F1ZR',
  }),
  ...each('/api/billing/profile', 'phone', { missing: undefined, 'with letters': 'call me' }),
  ...each('/api/billing/profile', 'email', { missing: undefined, 'without an at sign': 'asha.example.in' }),
  ...each('/api/devices/join', 'code', {
    missing: undefined,
    'too short': 'ABCD234',
    'with a 0': 'ABCD2340',
    null: null,
  }),
  ...each('/api/devices/join', 'deviceName', text(100)),
  ...each('/api/branches', 'name', text(100)),
  ...buying.flatMap((route) => [
    ...each(route, 'expectedAmountPaise', amount),
    ...each(route, 'id', {
      'without its prefix': 'p1',
      'too long': `pur_${'x'.repeat(37)}`,
      'with a slash': 'pur_a/b',
    }),
  ]),
  ...each('/api/billing/renewal/subscribe', 'mode', { missing: undefined, unknown: 'weekly' }),
  ...each('/api/billing/credits/topup', 'packs', {
    missing: undefined,
    0: 0,
    21: 21,
    'a fraction': 1.5,
    'a text': '1',
    null: null,
  }),
  ...each('/api/credits/spend', 'amount', { missing: undefined, ...amount }),
  ...each('/api/credits/spend', 'feature', text(64)),
  ...each('/api/credits/spend', 'reference', { 'a number': 7, 'with a NUL': 'a\u0000', 'half a character': '\udc00' }),
  ...each('/test/clock', 'now', {
    missing: undefined,
    'no instant': 'tomorrow',
    'without a zone': '2026-12-01T00:00:00',
    'before now': '2026-11-22T06:29:59.999Z',
  }),
];

/** Bytes that are no body at all, for every route that reads one; `type` is their Content-Type. */
export const noBodies = [
  { what: 'that is not JSON', raw: '{"amount": ', type: 'application/json', status: 400, code: 'invalid_request' },
  { what: 'that is a list', raw: '[]', type: 'application/json', status: 400, code: 'invalid_request' },
  { what: 'that is null', raw: 'null', type: 'application/json', status: 400, code: 'invalid_request' },
  {
    what: 'that sets a prototype',
    raw: '{"__proto__":{"packs":1}}',
    type: 'application/json',
    status: 400,
    code: 'invalid_request',
  },
  {
    what: 'larger than 64 KiB',
    raw: `{"legalName":"${'x'.repeat(65_536)}"}`,
    type: 'application/json',
    status: 413,
    code: 'too_large',
  },
  { what: 'as plain text', raw: '{}', type: 'text/plain', status: 415, code: 'unsupported_media_type' },
  {
    what: 'as a form',
    raw: 'a=b',
    type: 'application/x-www-form-urlencoded',
    status: 415,
    code: 'unsupported_media_type',
  },
  { what: 'of no said type', raw: '{}', type: '', status: 415, code: 'unsupported_media_type' },
] as const;
