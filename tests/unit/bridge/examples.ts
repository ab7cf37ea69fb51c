// One right input for every call of the bridge, with every field that the call knows, and what has to be true before it is
// right. A call without an example here neither compiles nor passes.
import type { CallInput, CallName } from '../../../shared/contract/ipc.ts';
import { type PlayedCounter, pharmacy, type Stage } from '../../fakes/played-stage.ts';

export type On = Stage & { readonly app: PlayedCounter };

/** on: whether the counter belongs to a pharmacy by then. make: brings it about that the input is right, and says which it is. */
interface Example<N extends CallName> {
  readonly on: 'new' | 'active';
  readonly make: (on: On) => CallInput<N> | Promise<CallInput<N>>;
}

const onActive = <N extends CallName>(make: Example<N>['make']): Example<N> => ({ on: 'active', make });
const onNew = <N extends CallName>(make: Example<N>['make']): Example<N> => ({ on: 'new', make });

const filter = {
  kind: 'monthly_grant',
  feature: 'ai.assist',
  actor: 'system',
  from: '2026-01-01',
  to: '2026-12-31',
  text: '2026',
  named: ['ai.assist'],
};

const buyer = {
  legalName: 'Asha Medicals',
  address: '12 MG Road, Pune',
  stateCode: '27',
  pin: '411001',
  gstin: '27AAPFU0939F1ZV',
  phone: '+91 98200 12345',
  email: 'accounts@ashamedicals.in',
};

async function queued({ app }: On): Promise<string> {
  const { id } = await app.queue('topup.50k', 250_000);
  await app.sync();
  return id;
}

async function invoiced({ app, server }: On): Promise<string> {
  const { id } = server.documents.issue('2026-11-20');
  await app.sync();
  const all = { financialYear: null, kind: null, limit: 10, offset: 0 };
  await app.until(async () => (await app.call('documents.list', all)).items[0]?.pdfHeld === true);
  return id;
}

export const examples: { readonly [N in CallName]: Example<N> } = {
  'overview.get': onActive(() => ({})),
  'session.signUp': onNew(() => ({ ...buyer, branchName: 'Main branch', deviceName: 'Counter 1' })),
  'session.join': onNew(({ server }) => {
    server.joinCodes.add('ABCD2345');
    return { code: 'ABCD2345', deviceName: pharmacy.deviceName };
  }),
  'purchases.list': onActive(async (on) => {
    await queued(on);
    return { limit: 10, offset: 0 };
  }),
  'purchases.queue': onActive(() => ({
    ...{ intent: 'a-press-of-the-button', sku: 'topup.50k', quantity: 2, expectedAmountPaise: 500_000 },
  })),
  'purchases.cancel': onActive(async (on) => ({ id: await queued(on) })),
  'purchases.confirmPrice': onActive(async (on) => {
    on.server.org.prices['topup.50k'] = 260_000;
    return { id: await queued(on), amountPaise: 260_000 };
  }),
  'purchases.pay': onActive(async (on) => ({ id: await queued(on) })),
  'ledger.window': onActive(() => ({
    filter: { ...filter, feature: null, named: ['ai.assist'] },
    first: 1,
    count: 50,
  })),
  'ledger.choices': onActive(() => ({})),
  'ledger.export': onActive(() => ({ filter })),
  'usage.get': onActive(() => ({ period: 'days_30' })),
  'devices.joinCode': onActive(() => ({})),
  'devices.list': onActive(() => ({})),
  'devices.rename': onActive(({ server }) => ({ id: server.devices.add('Back counter').id, name: 'Night counter' })),
  'devices.revoke': onActive(({ server }) => ({ id: server.devices.add('Back counter').id })),
  'notices.list': onActive(() => ({})),
  'notices.tell': onActive(async (on) => {
    on.server.org.pay(await queued(on));
    await on.app.sync();
    const [notice] = (await on.app.call('notices.list', {})).items;
    return { key: notice?.key ?? 'nothing to tell', title: 'Paid', body: 'Your credits are here.' };
  }),
  'settings.get': onActive(() => ({})),
  'settings.save': onActive(() => ({
    ...{ language: 'hi', theme: 'dark', startsWithPc: true },
    notices: { payments: true, renewal: false, credits: true },
  })),
  'notices.told': onActive(() => ({ limit: 10 })),
  'notices.read': onActive(() => ({ upTo: 1 })),
  'settings.lowCredits': onActive(() => ({ below: 7_000 })),
  'documents.list': onActive(async (on) => {
    await invoiced(on);
    return { financialYear: '26-27', kind: 'invoice', limit: 10, offset: 0 };
  }),
  'documents.get': onActive(async (on) => ({ id: await invoiced(on) })),
  'documents.save': onActive(async (on) => ({ id: await invoiced(on) })),
  'documents.print': onActive(async (on) => ({ id: await invoiced(on) })),
  'documents.export': onActive(async (on) => {
    await invoiced(on);
    return { from: '2026-11-01', to: '2026-11-30' };
  }),
  'profile.get': onActive(() => ({})),
  'profile.save': onActive(() => buyer),
  'diagnostics.export': onActive(() => ({})),
  'sync.now': onActive(() => ({})),
};
