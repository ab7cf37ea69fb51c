// The page about the machines says what they do, all of it and nothing besides.
import { describe, expect, test } from 'vitest';
import { itemTable, machineTable, namesOfPage, tableOfPage } from './machine-page.ts';

describe('docs/sync-machine.md', () => {
  test('its table of contacts is the machine, cell by cell', () => {
    expect(tableOfPage('When the server is contacted: what comes of it')).toEqual(machineTable());
  });

  test('its table of purchases is the transitions, cell by cell', () => {
    expect(tableOfPage('How a purchase moves: what comes of it')).toEqual(itemTable());
  });

  test('it says of every state and event what is true, and of none that there is not', () => {
    const machine = machineTable();
    expect(namesOfPage('When the server is contacted: states')).toEqual(Object.keys(machine));
    expect(namesOfPage('When the server is contacted: events')).toEqual(Object.keys(machine.off ?? {}));
    expect(namesOfPage('How a purchase moves: states').sort()).toEqual(Object.keys(itemTable()).sort());
  });
});
