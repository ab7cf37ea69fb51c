// Which call is which use case. A call of the contract that is missing here does not compile.

import type { Notice } from '../../shared/contract/frames.ts';
import type { OverviewView } from '../../shared/contract/overview-view.ts';
import { diagnosticsFile, diagnosticsOf } from '../diagnostics.ts';
import type { Clock } from '../ports.ts';
import { type ActivateParts, join, signUp } from '../session/activate.ts';
import type { Loop } from '../sync/loop.ts';
import { type DeviceParts, listDevices, makeJoinCode, renameDevice, revokeDevice } from './devices.ts';
import {
  type DocumentParts,
  exportDocuments,
  getDocument,
  listDocuments,
  printDocument,
  saveDocument,
} from './documents.ts';
import { createLedger } from './ledger.ts';
import { listNotices, type NoticeParts, readNotices, setLowCredits, tellNotice, toldNotices } from './notices.ts';
import { type OverviewParts, viewOverview, viewSession } from './overview.ts';
import { getProfile, type ProfileParts, saveProfile } from './profile.ts';
import {
  cancelPurchase,
  confirmPrice,
  listPurchases,
  type PurchaseParts,
  payPurchase,
  queuePurchase,
} from './purchases.ts';
import type { CallTable } from './serve.ts';
import { type SettingParts, saveSettings, viewSettings } from './settings.ts';
import { viewUsage } from './usage.ts';

export interface TableParts
  extends ActivateParts,
    Omit<OverviewParts, 'loop'>,
    Omit<PurchaseParts, 'changed'>,
    Omit<NoticeParts, 'changed' | 'loop'>,
    Omit<DeviceParts, 'poke' | 'changed'>,
    Omit<SettingParts, 'changed'>,
    Omit<DocumentParts, 'changed'> {
  readonly client: ActivateParts['client'] &
    PurchaseParts['client'] &
    DeviceParts['client'] &
    DocumentParts['client'] &
    ProfileParts['client'];
  readonly clock: Clock;
  readonly loop: Loop;
  readonly changed: (topics: Notice['topics']) => void;
}

export function createCallTable(core: TableParts): CallTable {
  const purchases: PurchaseParts = {
    ...core,
    changed() {
      core.changed(['purchases']);
      core.loop.poke(false);
    },
  };
  const poke = () => core.loop.poke(false);
  const devices: DeviceParts = { ...core, poke, changed: () => core.changed(['session']) };
  const profile: ProfileParts = { ...core, poke };
  const documents: DocumentParts = { ...core, changed: () => core.changed(['documents']) };
  const notices: NoticeParts = { ...core, changed: () => core.changed(['status']) };
  const ledger = createLedger(core);
  const settings: SettingParts = { ...core, changed: () => core.changed(['settings']) };
  const activated = () => {
    core.changed(['session']);
    core.loop.start();
    return viewSession(core);
  };
  const syncNow = async (): Promise<OverviewView> => {
    await core.loop.now();
    return viewOverview(core);
  };
  return {
    'overview.get': () => viewOverview(core),
    'session.signUp': async (input) => {
      await signUp(core, input);
      return activated();
    },
    'session.join': async (input) => {
      await join(core, input.code, input.deviceName);
      return activated();
    },
    'purchases.list': (page) => listPurchases(purchases, page),
    'purchases.queue': (wish) => queuePurchase(purchases, wish),
    'purchases.cancel': ({ id }) => cancelPurchase(purchases, id),
    'purchases.confirmPrice': ({ id, amountPaise }) => confirmPrice(purchases, id, amountPaise),
    'purchases.pay': ({ id }) => payPurchase(purchases, id),
    'ledger.window': (wish) => ledger.window(wish),
    'ledger.choices': () => ledger.choices(),
    'ledger.export': ({ filter }) => ledger.export(filter),
    'usage.get': ({ period }) => viewUsage(core, period),
    'devices.joinCode': () => makeJoinCode(devices),
    'devices.list': () => listDevices(devices),
    'devices.rename': (wish) => renameDevice(devices, wish),
    'devices.revoke': ({ id }) => revokeDevice(devices, id),
    'notices.list': () => listNotices(notices),
    'notices.tell': (told) => tellNotice(notices, told),
    'notices.told': (page) => toldNotices(notices, page),
    'notices.read': (seen) => readNotices(notices, seen),
    'settings.get': () => viewSettings(settings),
    'settings.save': (wish) => saveSettings(settings, wish),
    'settings.lowCredits': (wish) => setLowCredits(notices, wish),
    'documents.list': (input) => listDocuments(documents, input),
    'documents.get': ({ id }) => getDocument(documents, id),
    'documents.save': ({ id }) => saveDocument(documents, id),
    'documents.print': ({ id }) => printDocument(documents, id),
    'documents.export': (period) => exportDocuments(documents, period),
    'profile.get': () => getProfile(profile),
    'profile.save': (wish) => saveProfile(profile, wish),
    'diagnostics.export': () => core.files.save(diagnosticsFile(diagnosticsOf(core))),
    'sync.now': syncNow,
  };
}
