/* The iterations: each method is a step x -> x', a walk repeats it. No DOM here; tests/test_explorable_numbers.py
   holds every step against torch.

     const o = onLine(curves.square)
     const { points, losses, end } = walk(o, gd(o, 0.3), [5], 40)

   momentum() remembers its velocity: make a new step for each walk. */

import type { Objective, Vec } from "./functions.ts"

export type Step = (x: Vec) => Vec

/** x - eta * grad */
export const gd = (o: Objective, eta: number): Step => x => {
  const g = o.grad(x)
  return x.map((xi, i) => xi - eta * g[i])
}

/** x - eta * grad / |diag H|: each coordinate by its own curvature */
export const preconditioned = (o: Objective, eta: number): Step => x => {
  const g = o.grad(x)
  const h = o.hess(x)
  return x.map((xi, i) => xi - eta * g[i] / Math.abs(h[i][i]))
}

/** x - eta * H^-1 grad, for one or two coordinates; not finite where H is singular */
export const newton = (o: Objective, eta = 1): Step => x => {
  const g = o.grad(x)
  const h = o.hess(x)
  if (x.length === 1) return [x[0] - eta * g[0] / h[0][0]]
  const det = h[0][0] * h[1][1] - h[0][1] * h[1][0]
  const d0 = (h[1][1] * g[0] - h[0][1] * g[1]) / det
  const d1 = (h[0][0] * g[1] - h[1][0] * g[0]) / det
  return [x[0] - eta * d0, x[1] - eta * d1]
}

/** As torch.optim.SGD has it: v = mu v + grad, then x - eta v, with v = grad at first */
export const momentum = (o: Objective, eta: number, mu: number): Step => {
  let v: Vec | null = null
  return x => {
    const g = o.grad(x)
    const before = v
    v = before ? g.map((gi, i) => mu * before[i] + gi) : g
    const now = v
    return x.map((xi, i) => xi - eta * now[i])
  }
}

export interface Walk {
  /** From the start on; all of them, and their losses, are finite. */
  points: Vec[]
  losses: number[]
  /** The index whose point or loss would not be finite any more, or null where all steps were walked. */
  end: number | null
}

/** At most `steps` steps from `start`; stops before a value that is not finite. */
export function walk(o: Objective, step: Step, start: Vec, steps: number): Walk {
  const points: Vec[] = []
  const losses: number[] = []
  let x = start
  for (let k = 0; k <= steps; k++) {
    const loss = o.f(x)
    if (!Number.isFinite(loss) || !x.every(Number.isFinite)) return { points, losses, end: k }
    points.push(x)
    losses.push(loss)
    x = step(x)
  }
  return { points, losses, end: null }
}
