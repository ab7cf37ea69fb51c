import { describe, expect, test } from 'vitest';
import { createCircuit } from '../../../sync-server/providers/circuit.ts';

function setUp() {
  let nowMs = 1_000_000;
  const circuit = createCircuit({ clock: { now: () => new Date(nowMs) }, failuresToOpen: 3, openMs: 5000 });
  const fail = (times: number) => {
    for (let i = 0; i < times; i += 1) {
      expect(circuit.refusesForSeconds()).toBeNull();
      circuit.report(false);
    }
  };
  return { circuit, fail, pass: (ms: number) => (nowMs += ms) };
}

describe('the circuit to the provider', () => {
  test('opens after so many failures in a row, for so long', () => {
    const { circuit, fail, pass } = setUp();
    fail(3);
    expect(circuit.refusesForSeconds()).toBe(5);
    pass(4001);
    expect(circuit.refusesForSeconds()).toBe(1);
    pass(999);
    expect(circuit.refusesForSeconds()).toBeNull();
  });

  test('does not open when an answer comes between the failures', () => {
    const { circuit, fail } = setUp();
    fail(2);
    circuit.report(true);
    fail(2);
    expect(circuit.refusesForSeconds()).toBeNull();
  });

  test('lets one call through at a time after it was open, and closes when that one is answered', () => {
    const { circuit, fail, pass } = setUp();
    fail(3);
    pass(5000);
    expect(circuit.refusesForSeconds()).toBeNull();
    expect(circuit.refusesForSeconds()).toBe(1);
    circuit.report(true);
    expect(circuit.refusesForSeconds()).toBeNull();
    expect(circuit.refusesForSeconds()).toBeNull();
  });

  test('opens again at once when the call that tries fails', () => {
    const { circuit, fail, pass } = setUp();
    fail(3);
    pass(5000);
    expect(circuit.refusesForSeconds()).toBeNull();
    circuit.report(false);
    expect(circuit.refusesForSeconds()).toBe(5);
  });

  test('is not held open by a clock that is set back', () => {
    const { circuit, fail, pass } = setUp();
    fail(3);
    pass(-3_600_000);
    expect(circuit.refusesForSeconds()).toBeNull();
  });
});
