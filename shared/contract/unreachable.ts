// The end of every switch over a closed union: a member added later fails to compile here, and a value from outside that
// slipped through fails loudly.
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
