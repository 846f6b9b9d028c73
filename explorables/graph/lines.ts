/* The derivative of one step in four lines: symbols, what is known filled in, numbers, result. The texts are formulas
   in a small notation that formula() of drawing.ts sets: ∂a/∂b is a fraction, a_i has an index. No DOM here. */

import { operation, shares, type Operation, type Run, type Scene, type Step } from "./record.ts"

/** The names of an operation's inputs in formulas; where the same tensor goes in twice, the two get names of their own. */
export function symbols({ inputs }: Operation): string[] {
  return twins(inputs) ? ["a", "b"] : inputs.map(({ of }) => of)
}

export const twins = (inputs: Operation["inputs"]): boolean => inputs.length === 2 && inputs[0]!.of === inputs[1]!.of

const vector = (value: string) => value.startsWith("[")
const signed = (value: string) => (value.startsWith("-") ? `(${value})` : value)

/** The local derivatives in symbols, by the node; `names` of its inputs, `i` the one it is taken by. */
const RULES: Record<string, (names: readonly string[], i: number) => string> = {
  MulBackward0: (names, i) => names[1 - i]!,
  AddBackward0: () => "1",
  SinBackward0: ([name]) => `cos ${name!}`,
  ExpBackward0: ([name]) => `exp ${name!}`,
  SumBackward0: () => "1",
}

/** Along an edge: what arrived at the node, times the local derivative. */
export function edgeLines(run: Run, step: Step): [string, string, string, string] {
  const node = operation(run, step.at)!
  const { of, local, sent } = node.inputs[step.input]!
  const names = symbols(node)
  const into = operation(run, of)?.value ?? run.leaves.find(({ name }) => name === of)!.value
  const from = vector(node.value) ? `${node.name}_i` : node.name
  const to = vector(into) ? `${names[step.input]!}_i` : names[step.input]!
  const rule = RULES[node.fn!]!(names, step.input)
  const times = vector(node.got!) && vector(local!) ? "⊙" : "×"
  return [
    `∂f/∂${from} · ∂${from}/∂${to}`,
    `= ${node.got!} ${rule === "1" ? "×" : times} ${rule}`,
    `= ${node.got!} ${times} ${signed(local!)}`,
    `= ${sent!}`,
  ]
}

/** At a leaf: what has arrived is added to what is there. */
export function leafLines(run: Run, step: Step, before: Scene, after: Scene): [string, string, string, string] {
  const { at } = step
  const parts = shares(run, at)
  const sum = parts.map((part, i) => (i ? signed(part) : part)).join(" + ")
  const old = before.grads.get(at)!
  return [
    `${at}.grad ← ${at}.grad + ∂f/∂${at}`,
    `= ${old} + ∂f/∂${at}`,
    `= ${old} + ${parts.length > 1 ? `(${sum})` : signed(sum)}`,
    `= ${after.grads.get(at)!}`,
  ]
}
