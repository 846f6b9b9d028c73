/* What was recorded, as data.py writes it; the steps in which it is shown; what is there after k of them. No DOM here,
   and no arithmetic: every number is a text that PyTorch printed. */

export type Again = "retain" | "rebuild" | "neither"

export interface Input {
  /** The tensor that goes in here. */
  of: string
  /** The number of the output that next_functions points at; missing where it points at None. */
  next?: number
  /** The local derivative: what the node sends this way where 1 arrives. */
  local?: string
  /** The gradient that was sent this way; missing if nothing was. */
  sent?: string
}

export interface Operation {
  name: string
  code: string
  value: string
  /** The name of its grad_fn; missing if it has none. Then nothing is saved either. */
  fn?: string
  saved?: Readonly<Record<string, string>>
  /** How many of the saved values are tensors. */
  held?: number
  /** The gradient that arrived, all shares added up; missing if none came. */
  got?: string
  inputs: readonly Input[]
}

export interface Leaf {
  name: string
  value: string
  got?: string
  /** `.grad` after one backward pass, and after two. */
  grads: readonly [string, string]
}

export interface Run {
  operations: readonly Operation[]
  leaves: readonly Leaf[]
  /** The tensors whose nodes the engine ran, in its order. */
  order: readonly string[]
  /** Where a second pass over a graph that was not retained raises; null where it does not. */
  stops: string | null
}

export interface Layout {
  at: Readonly<Record<string, readonly [number, number]>>
  ways: Readonly<Record<string, readonly number[]>>
}

export interface Recorded<F extends string, C extends string> {
  runs: Record<F, Record<C, Run>>
  layouts: Record<F, Layout>
  errors: { none: string; twice: string }
}

export type Phase = "forward" | "first" | "anew" | "second"

export interface Step {
  phase: Phase
  kind: "start" | "operation" | "call" | "edge" | "leaf" | "error"
  /** The tensor whose node it concerns. */
  at: string
  /** Of an edge: to which input. */
  input: number
}

export const operation = (run: Run, name: string): Operation | undefined => run.operations.find(one => one.name === name)
export const tracked = (run: Run): boolean => operation(run, "f")!.fn !== undefined
export const edge = (step: Step): string => step.at + step.input

/** All that happens, in order: step 0 is before everything. */
export function steps(run: Run, again: Again): Step[] {
  const step = (phase: Phase, kind: Step["kind"], at: string, input = 0): Step => ({ phase, kind, at, input })
  const forward = (phase: Phase) => run.operations.map(({ name }) => step(phase, "operation", name))
  const backward = (phase: Phase, stops: string | null): Step[] => {
    if (!tracked(run)) return [step(phase, "error", "f")]
    const whole = stops === null
    const ran = whole ? run.order : run.order.slice(0, run.order.indexOf(stops))
    return [
      step(phase, "call", "f"),
      ...ran.flatMap(name => operation(run, name)?.inputs.flatMap((input, i) => (input.sent === undefined ? [] : step(phase, "edge", name, i))) ?? step(phase, "leaf", name)),
      ...(whole ? [] : [step(phase, "error", stops)]),
    ]
  }
  const once = [step("forward", "start", ""), ...forward("forward"), ...backward("first", null)]
  if (!tracked(run)) return once
  return [...once, ...(again === "rebuild" ? forward("anew") : []), ...backward("second", again === "neither" ? run.stops : null)]
}

/** What is there after a number of steps. */
export interface Scene {
  /** The tensors that the latest forward pass has made. */
  born: Set<string>
  /** The edges that have carried a gradient in the latest backward pass, and whether it has begun. */
  sent: Set<string>
  called: boolean
  /** The nodes whose saved tensors have been let go. */
  freed: Set<string>
  grads: Map<string, string>
}

export function scene(run: Run, again: Again, done: readonly Step[]): Scene {
  const now: Scene = { born: new Set(), sent: new Set(), called: false, freed: new Set(), grads: new Map(run.leaves.map(({ name }) => [name, "None"])) }
  done.forEach((step, i) => {
    const { phase, kind, at } = step
    if (kind === "operation" && done[i - 1]!.phase !== phase) { // a new graph
      for (const set of [now.born, now.sent, now.freed]) set.clear()
      now.called = false
    }
    if (kind === "operation") now.born.add(at)
    if (kind === "call") {
      now.called = true
      now.sent.clear()
    }
    if (kind === "edge") {
      now.sent.add(edge(step))
      const last = operation(run, at)!.inputs.findLastIndex(input => input.sent !== undefined) === step.input
      if (last && (phase === "second" || again !== "retain")) now.freed.add(at)
    }
    if (kind === "leaf") now.grads.set(at, run.leaves.find(({ name }) => name === at)!.grads[phase === "first" ? 0 : 1])
  })
  return now
}

/** The shares of the gradient that arrive at a node, in the order in which they are sent. */
export const shares = (run: Run, name: string): string[] =>
  run.order.flatMap(from => operation(run, from)?.inputs.flatMap(({ of, sent }) => (of === name && sent !== undefined ? sent : [])) ?? [])

/** The place in `to` that is what place `k` is in `from`: as far within the same phase. */
export function carried(from: readonly Step[], k: number, to: readonly Step[]): number {
  const { phase } = from[k]!
  const within = (list: readonly Step[]) => list.flatMap((step, i) => (step.phase === phase ? i : []))
  const [old, fresh] = [within(from), within(to)]
  if (!fresh.length) return to.length - 1
  return k === old.at(-1) ? fresh.at(-1)! : fresh[Math.min(k - old[0]!, fresh.length - 1)]!
}
