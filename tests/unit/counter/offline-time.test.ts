// What a counter decides and claims without the server, whatever happens to its clocks. The world of these runs knows the
// true time; the counter has a clock that is set by hand, a monotonic one that may stand still in a sleep, and its disk.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EntitledFacts, entitledIn } from '../../../main/session/entitled.ts';
import { clockTolerance, createTrustedTime, type TrustedTime } from '../../../main/session/trusted-time.ts';
import { daysLeftAt, featuresOf, renewalStatusAt } from '../../../shared/plan/renewal.ts';
import { requireFeature, requireFeatureIn } from '../../../shared/plan/require-feature.ts';
import { addDays, businessDate } from '../../../shared/plan/service-year.ts';
import type { Feature } from '../../../shared/plan/shapes.ts';
import { claimsOf } from '../../fakes/played-keys.ts';
import { generated } from './seed.ts';

const day = 86_400_000;
const year = 365 * day;
const begin = Date.parse('2026-11-22T09:30:00.000Z');
const sub = 'org_played';

const due = fc.option(
  fc.integer({ min: -400, max: 800 }).map((days) => addDays(businessDate(new Date(begin)), days)),
  { freq: 8, nil: null },
);
const instant = fc.integer({ min: begin - 2 * year, max: begin + 4 * year }).map((at) => new Date(at));

describe('server and counter, by the facts that the entitlement carries', () => {
  test('say the same of status, features, days left and each feature at any instant while it holds', () => {
    const within = fc.integer({ min: 0, max: 30 * day });
    fc.assert(
      fc.property(due, instant, within, (serviceRenewalNextDue, issued, later) => {
        const facts = { serviceRenewalNextDue };
        const iat = Math.floor(issued.getTime() / 1000);
        const claims = claimsOf({ sub, iat, serviceRenewalNextDue });
        const now = new Date(iat * 1000 + later);
        const entitled = entitledIn(claims, { least: now, most: now, hint: now });
        const status = renewalStatusAt(facts, now);
        expect(entitled).toMatchObject({ status, features: featuresOf(status), stale: false, doubtful: false });
        expect(entitled.daysLeft).toBe(daysLeftAt(facts, now));
        for (const feature of [...Object.keys(entitled.features), 'another']) {
          expect(requireFeature(entitled.facts, feature, entitled.asOf)).toEqual(requireFeatureIn(status, feature));
        }
      }),
      generated(1_500),
    );
  }, 60_000);

  test('after its end the counter stays with what the server said of that end, and says that it is stale', () => {
    fc.assert(
      fc.property(due, instant, fc.integer({ min: 1, max: 100 * year }), (serviceRenewalNextDue, issued, later) => {
        const iat = Math.floor(issued.getTime() / 1000);
        const claims = claimsOf({ sub, iat, serviceRenewalNextDue });
        const end = new Date(claims.exp * 1000);
        const now = new Date(end.getTime() + later);
        const entitled = entitledIn(claims, { least: now, most: now, hint: now });
        const status = renewalStatusAt({ serviceRenewalNextDue }, end);
        expect(entitled).toMatchObject({
          status,
          features: featuresOf(status),
          stale: true,
          asOf: end,
          daysLeft: null,
        });
      }),
      generated(1_000),
    );
  }, 60_000);
});

type Happening =
  | { readonly kind: 'contact' | 'tick' }
  | { readonly kind: 'pass' | 'sleep' | 'still' | 'flat'; readonly ms: number }
  | { readonly kind: 'clock'; readonly off: number }
  | { readonly kind: 'restart'; readonly ms: number; readonly crash: boolean };

const duration = fc.oneof(
  fc.integer({ min: 0, max: 10 * 60_000 }),
  fc.integer({ min: 0, max: 3 * day }),
  fc.integer({ min: 0, max: 40 * day }),
  fc.constant(30 * day),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('contact' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('pass' as const, 'sleep', 'still', 'flat'), ms: duration }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      off: fc.oneof(
        fc.integer({ min: -100 * year, max: 100 * year }),
        fc.integer({ min: -40 * day, max: 40 * day }),
        fc.constantFrom(-30 * day, 30 * day, 0),
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('restart' as const), ms: duration, crash: fc.boolean() }) },
);

/** A counter and the world around it. `true` time is what the server would say. */
class World {
  true = begin;
  #pcOff = 0;
  #mono = 5_000_000;
  #flats = 0;
  #saved: string | null = null;
  time: TrustedTime;
  claims: EntitledFacts;
  readonly #due: string | null;

  constructor(serviceRenewalNextDue: string | null) {
    this.#due = serviceRenewalNextDue;
    this.time = this.#start();
    this.claims = this.#contact();
  }

  #start(): TrustedTime {
    return createTrustedTime({
      clock: { now: () => new Date(this.true + this.#pcOff) },
      monotonic: () => this.#mono,
      saved: this.#saved,
      save: (at) => {
        this.#saved = at;
      },
    });
  }

  #contact(): EntitledFacts {
    this.time.contact(new Date(this.true).toISOString());
    return claimsOf({ sub, iat: Math.floor(this.true / 1000), serviceRenewalNextDue: this.#due });
  }

  happens(what: Happening): void {
    switch (what.kind) {
      case 'contact':
        this.claims = this.#contact();
        return;
      case 'tick':
        this.time.keep();
        return;
      case 'pass':
        this.true += what.ms;
        this.#mono += what.ms;
        return;
      case 'sleep':
        this.true += what.ms;
        this.#mono += what.ms;
        this.time.woke();
        return;
      case 'still':
        this.true += what.ms;
        this.time.woke();
        return;
      // As still, and the battery of the clock is empty: it begins again years ago.
      case 'flat':
        this.true += what.ms;
        this.#flats += 1;
        this.#pcOff = begin - 10 * year - this.#flats * day - this.true;
        this.time.woke();
        return;
      case 'clock':
        this.#pcOff = what.off;
        return;
      case 'restart':
        if (!what.crash) this.time.keep();
        this.true += what.ms;
        this.#mono = 1_000;
        this.time = this.#start();
    }
  }
}

const statusAt = (dueDate: string | null, at: number) =>
  renewalStatusAt({ serviceRenewalNextDue: dueDate }, new Date(at));

/** A sleep, and a hand on the clock, within the tolerance are not noticed; a few of them in a row add up to minutes. */
const unnoticed = 5 * clockTolerance;

describe('a counter whose clocks are anything', () => {
  test('locks nothing that is on, claims nothing that is not so, and lets no hand on the clock decide', () => {
    const seen = { certain: 0, stale: 0, off: 0, tellsOfClock: 0 };
    fc.assert(
      fc.property(due, fc.array(happening, { minLength: 1, maxLength: 12 }), (dueDate, happenings) => {
        const world = new World(dueDate);
        for (const what of happenings) {
          const before = entitledIn(world.claims, world.time.window());
          world.happens(what);
          const window = world.time.window();
          const entitled = entitledIn(world.claims, window);
          const truth = statusAt(dueDate, world.true);
          expect(window.least.getTime()).toBeLessThanOrEqual(world.true);
          if (window.most !== null) expect(window.most.getTime() + unnoticed).toBeGreaterThanOrEqual(world.true);
          for (const [feature, on] of Object.entries(featuresOf(truth))) {
            if (on) expect(entitled.features[feature as Feature], `${feature} is locked`).toBe(true);
          }
          const near = [-unnoticed, unnoticed].map((by) => statusAt(dueDate, world.true + by));
          if (!entitled.stale) expect([truth, ...near]).toContain(entitled.status);
          if (what.kind === 'contact') expect(entitled).toMatchObject({ status: truth, stale: false });
          if (what.kind === 'clock') {
            expect([entitled.status, entitled.features, entitled.asOf]).toEqual([
              before.status,
              before.features,
              before.asOf,
            ]);
          }
          expect(entitled.facts.serviceRenewalNextDue).toBe(dueDate);
          seen.certain += Number(!entitled.stale);
          seen.stale += Number(entitled.stale);
          seen.off += Number(entitled.status === 'lapsed');
          seen.tellsOfClock += Number(world.time.verdict() === 'wrong');
        }
      }),
      generated(1_200),
    );
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(200);
  }, 120_000);

  test('tells of a clock that was set back by more than two minutes, or years ahead, and changes nothing for it', () => {
    const off = fc.oneof(
      fc.integer({ min: -100 * year, max: -clockTolerance - 1 }),
      fc.integer({ min: 5 * year + 1, max: 100 * year }),
    );
    fc.assert(
      fc.property(off, fc.boolean(), (by, restarted) => {
        const world = new World('2027-11-22');
        if (restarted) world.happens({ kind: 'restart', ms: 0, crash: true });
        world.happens({ kind: 'clock', off: by });
        expect(world.time.verdict()).toBe('wrong');
        expect(entitledIn(world.claims, world.time.window()).status).toBe('active');
      }),
      generated(1_000),
    );
  }, 60_000);

  test('says after 30 days of sleep that it does not know, until the first contact, though every clock of its own looks right', () => {
    const world = new World(addDays(businessDate(new Date(begin)), 10));
    expect(entitledIn(world.claims, world.time.window())).toMatchObject({ status: 'due_soon', stale: false });
    world.happens({ kind: 'still', ms: 30 * day });
    expect(entitledIn(world.claims, world.time.window())).toMatchObject({
      status: 'due_soon',
      features: featuresOf('due_soon'),
      stale: true,
      doubtful: true,
      daysLeft: null,
    });
    world.happens({ kind: 'contact' });
    expect(entitledIn(world.claims, world.time.window())).toMatchObject({ status: 'lapsed', stale: false });
  });

  test('keeps what time it was over a restart, also without a contact for weeks', () => {
    const world = new World(null);
    world.happens({ kind: 'pass', ms: 20 * day });
    world.happens({ kind: 'tick' });
    world.happens({ kind: 'restart', ms: 0, crash: true });
    expect(world.time.window().least.getTime()).toBe(begin + 20 * day);
  });
});
