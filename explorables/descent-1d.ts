/* Learning rate on a line: f on a curve, a start to drag, a rate to slide; the tangent's promise beside what really
   happened; what a rate does from this start, all along the slider. */

import "./descent-1d/style.css"
import { messages } from "./descent-1d/messages.ts"
import { fate, regimes, SHOWN, type Regime } from "./descent-1d/regimes.ts"
import table from "./descent-1d/state.json"
import { put, write } from "./shared/change.ts"
import { button, choice, make, numberField, player, slider, verdict } from "./shared/controls.ts"
import { gd, walk, type Walk } from "./shared/descent.ts"
import { curves, onLine, type Curve, type Pair } from "./shared/functions.ts"
import { number } from "./shared/messages.ts"
import { mount } from "./shared/mount.ts"
import { decade } from "./shared/scales.ts"
import { dots, handle, label, lights, line, plot, spots, type Plot } from "./shared/scene.ts"

const FORMULAS = { square: "x²", quartic: "¼x⁴", valleys: "x⁴ − 3x² + x", absolute: "|x|" }
type Name = keyof typeof FORMULAS

/** Where a function begins when it is chosen, what is seen of it, and five rates that tell its story. */
const STORIES: Record<Name, { x: number; eta: number; y: Pair; rates: readonly number[] }> = {
  square: { x: 5, eta: 0.9, y: [-9, 38], rates: [0.03, 0.3, 0.9, 1, 1.05] },
  quartic: { x: 4, eta: 0.1, y: [-24, 110], rates: [0.005, 0.03, 0.1, 0.125, 0.14] },
  valleys: { x: 1.8, eta: 0.16, y: [-5.2, 4.5], rates: [0.03, 0.12, 0.16, 0.2, 0.3] },
  absolute: { x: 4.2, eta: 0.5, y: [-1.3, 5.4], rates: [0.03, 0.15, 0.5, 1, 1.8] },
}

const COLOURS: Record<Regime, string> = {
  slow: "c5", monotone: "c0", swinging: "c4", cycling: "c3", chaotic: "c3", divergent: "c3",
}

mount("descent-1d", table, messages, it => {
  const { words } = it
  const { min, max } = table.eta

  // What the state means: computed once for all drawings, from scratch, since all of it hangs on everything.
  let curve: Curve = curves.square
  let path: Walk
  let points: Pair[]
  let end: ReturnType<typeof fate>
  let k = 0
  let bands: ReturnType<typeof regimes> = []
  let banded = ""
  it.draws(() => {
    const { f, x, eta } = it.state
    curve = curves[f]
    path = walkFrom(eta)
    points = path.points.map(([x], k) => [x!, path.losses[k]!])
    end = fate(curve, x, eta)
    k = Math.min(it.lit ?? it.state.k, last())
    if (banded !== f + x) {
      banded = f + x
      bands = regimes(curve, x, min, max)
    }
  })
  const walkFrom = (eta: number) => {
    const o = onLine(curve)
    return walk(o, gd(o, eta), [it.state.x], SHOWN)
  }
  const last = () => points.length - 1
  /** Step k as the tangent promises it: where to, and what it says f will be there. */
  const promise = (): Pair => {
    const [x, loss] = points[k]!
    const g = curve.grad(x)
    return [x - it.state.eta * g, loss - it.state.eta * g * g]
  }
  const arrival = (): Pair => {
    const [x] = promise()
    return [x, curve.f(x)]
  }

  // The curve, and the walk on it
  const main = plot(it, { name: words.curve, height: width => Math.max(230, width * 0.72), x: "x", y: "f(x)" })
  main.draws(() => {
    main.frame(curve.domain, STORIES[it.state.f].y)
    const colour = end.regime === "divergent" ? "c3" : "c0"
    line(main, "curve", "f", shape(curve), "c5 line")
    line(main, "future", "path", points, `${colour} thin faint`)
    spots(main, "future", "steps", points, `${colour} faint`, 3)
    line(main, "past", "path", points.slice(0, k + 1), `${colour} line`)
    spots(main, "past", "steps", points.slice(0, k + 1), colour, 3.5)
    dots(main, "ends", "minima", curve.minima.map(m => [m, curve.f(m)]), "c2 ring", 8)
    dots(main, "ends", "end", points.slice(-1), `${colour} ring`, 5.5)

    const [from, to, real] = [points[k]!, promise(), arrival()]
    line(main, "step", "tangent", [beyond(from, to, -0.25), beyond(from, to, 1.15)], "c1 thin dashed")
    line(main, "step", "gap", [to, real], "ink thin dotted")
    dots(main, "step", "promise", [to], "c1 ring", 5)
    dots(main, "step", "arrival", [real], `${colour} dot`, 5)
    dots(main, "step", "now", [from], "c1 dot", 5)
    const [floor] = main.y.domain()
    label(main, "step", "below", to[1] < floor ? [to[0], floor] : null, `↓ ${number(to[1])}`, "c1", 6, -8)
    const [left, right] = curve.domain
    const out = from[0] < left ? -1 : from[0] > right ? 1 : 0
    const seen = out < 0 ? left : out > 0 ? right : from[0]
    label(main, "step", "k", k > 0 ? [seen, out ? floor : from[1]] : null,
      out < 0 ? `← ${point(k)} = ${number(from[0])}` : out > 0 ? `${point(k)} = ${number(from[0])} →` : point(k),
      "c1", out ? -8 * out : 9, out ? -26 : -9, out > 0 ? "end" : "start")
  })
  lights(main, () => points)
  const start = handle(main, {
    name: words.start,
    axis: "x",
    at: () => [it.state.x, curve.f(it.state.x)],
    move: ([x]) => it.set({ x: Number(x.toPrecision(3)) }),
    text: () => `x₀ = ${number(it.state.x)}, f = ${number(curve.f(it.state.x))}`,
  })
  it.hint(start, words.hint)

  // The losses
  const side = plot(it, {
    name: words.losses, height: width => Math.max(170, width * 0.8), x: "k", y: "f(xₖ) − f*", log: "y", ticks: [4, 4], margin: { left: 44 }, follows: true,
  })
  side.draws(() => {
    const lowest = curve.f(curve.minima[0]!)
    const losses = points.map(([, loss], k): Pair => [k, Math.max(1e-16, loss - lowest)])
    const seen = losses.map(([, loss]) => loss).filter(loss => loss < 1e12)
    const low = Math.max(1e-10, 10 ** Math.floor(Math.log10(Math.min(...seen) / 2)))
    const high = Math.max(decade(2 * Math.max(...seen)), 1000 * low)
    side.frame([-0.8, SHOWN + 0.8], [low, high])
    const colour = end.regime === "divergent" ? "c3" : "c0"
    line(side, "future", "path", losses, `${colour} thin faint`)
    spots(side, "future", "steps", losses, `${colour} faint`, 2)
    line(side, "past", "path", losses.slice(0, k + 1), `${colour} line`)
    line(side, "now", "k", [[k, low], [k, high]], "c1 thin dashed")
    dots(side, "now", "now", [losses[k]!], "c1 dot", 4.5)
  })
  lights(side, () => points.map(([, loss], k): Pair => [k, Math.max(1e-16, loss - curve.f(curve.minima[0]!))]))

  // Promised and real, as two bars from the same zero
  const bars = make("div", "bars")
  bars.setAttribute("aria-hidden", "true") // the sentence below says it
  const bar = (name: string, classes: string) => {
    const [root, rail, fill, value] = [make("div", `bar ${classes}`), make("i", ""), make("b", ""), make("span", "value")]
    rail.append(fill)
    root.append(make("span", "", name), rail, value)
    bars.append(root)
    return (change: number, most: number) => {
      const part = Math.min(1, Math.abs(change) / most) * 50
      fill.style.width = `${part}%`
      fill.style.left = change < 0 ? `${50 - part}%` : "50%"
      root.classList.toggle("up", change > 0)
      write(value, number(change))
    }
  }
  const promised = bar(words.promise, "c1")
  const truth = bar(words.truth, "c0")
  const told = make("p", "told")
  it.follows(() => {
    const [, loss] = points[k]!
    const changes = [promise()[1] - loss, arrival()[1] - loss] as const
    const most = Math.max(...changes.map(Math.abs).filter(Number.isFinite), 1e-300)
    promised(changes[0], most)
    truth(changes[1], most)
    write(told, stepSentence())
  })
  const stepSentence = () => {
    const [x, loss] = points[k]!
    if (curve.grad(x) === 0) return words.there
    const [to, value] = arrival()
    return words.step({ k, x, to, promised: promise()[1] - loss, real: value - loss })
  }

  // The verdict
  const judged = verdict()
  const why = () => {
    const { f, eta } = it.state
    if (curve.best !== null && curve.L !== null) {
      const factor = 1 - eta * curve.L
      const size = Math.abs(factor)
      const says = size < 1e-9 ? words.why.atOnce : Math.abs(size - 1) < 1e-9 ? words.why.keeps
        : size > 1 ? words.why.grows : factor > 0 ? words.why.shrinksSame : words.why.shrinksOver
      return words.why.factor(factor, says) + (end.regime === "slow" ? words.gap + words.why.slow(end.left) : "")
    }
    if (end.regime === "cycling") return f === "absolute" ? words.why.hopping : words.why.cycling(end.period)
    if (end.regime === "slow") return words.why.slow(end.left)
    return words.why[end.regime]
  }
  const stopped = () => (path.end === null ? "" : words.gap + words.ended(path.end))
  it.follows(() => judged.say(words.regimes[end.regime], COLOURS[end.regime], words.after + why() + stopped()))

  // The rate
  const rate = slider(it, { key: "eta", label: words.eta, log: true, text: v => `η = ${number(v)}` })
  rate.band(() => bands.map(({ to, regime }) => ({ to, classes: COLOURS[regime] + " " + regime, name: words.regimes[regime] })))
  rate.landmarks(() => curve.L !== null
    ? [
        { at: 1 / curve.L, label: "1/L", name: words.marks.whole },
        { at: 2 / curve.L, label: "2/L", name: words.marks.limit },
      ]
    : curve.minima.filter(m => curve.hess(m) > 0).map(m => ({ at: 2 / curve.hess(m), label: "2/f″", name: words.marks.valley })))
  const row = rate.row("above", 104)
  row.root.classList.add("pictures")
  const pictures = [0, 1, 2, 3, 4].map(i => {
    const picture = button("", "picture", () => it.set({ eta: STORIES[it.state.f].rates[i]! }))
    const small: Plot = plot(it, { name: "", height: width => width * 0.7, ticks: [0, 0] })
    small.root.setAttribute("aria-hidden", "true")
    const name = make("span", "")
    picture.append(small.root, name)
    let drawn = ""
    it.follows(() => {
      const eta = STORIES[it.state.f].rates[i]!
      picture.classList.toggle("here", Math.abs(it.state.eta / eta - 1) < 1e-4)
      const now = [it.state.f, it.state.x, small.width].join()
      if (now === drawn) return // sliding the rate does not touch it
      drawn = now
      const { regime } = fate(curve, it.state.x, eta)
      const points = walkFrom(eta).points.slice(0, 16).map(([x]): Pair => [x!, curve.f(x!)])
      small.frame(curve.domain, STORIES[it.state.f].y)
      line(small, "all", "f", shape(curve), "c5 thin")
      line(small, "all", "path", points, `${COLOURS[regime]} thin`)
      spots(small, "all", "steps", points, COLOURS[regime], 1.6)
      write(name, words.short[regime])
      put(name, { class: `name ${COLOURS[regime]}` })
      put(picture, { title: `η = ${number(eta)}, ${words.regimes[regime]}` })
    })
    return picture
  })
  it.draws(() => row.place(pictures.map((element, i) => ({ at: STORIES[it.state.f].rates[i]!, element }))))

  // The page
  const over = make("div", "over")
  over.append(
    choice(it, { key: "f", label: words.f, options: FORMULAS, names: words.functions }),
    numberField(it, { key: "x", label: words.start, range: () => curve.domain }),
  )
  const views = make("div", "views")
  const aside = make("div", "aside")
  aside.append(side.root, bars)
  views.append(main.root, aside)
  it.stage.append(over, views, player(it, { key: "k", last }), told, judged.root, rate.root)

  return {
    sentence: () => [words.now(FORMULAS[it.state.f], it.state.x, it.state.eta), words.regimes[end.regime] + words.after + why() + stopped(), stepSentence()].join(words.gap),
    adapt(next, change, before) {
      const story = STORIES[next.f]
      const fresh = next.f !== before.f
      const [low, high] = curves[next.f].domain
      const x = fresh && change.x === undefined ? story.x : next.x
      const eta = fresh && change.eta === undefined ? story.eta : next.eta
      return { ...next, eta, x: Math.min(high, Math.max(low, x)), k: fresh && change.k === undefined ? 0 : next.k }
    },
  }
})

/** The curve over its domain, every kink and bottom within a pixel. */
function shape({ f, domain: [from, to] }: Curve): Pair[] {
  return Array.from({ length: 201 }, (_, i): Pair => {
    const x = from + (to - from) * i / 200
    return [x, f(x)]
  })
}

/** The point at `part` of the way from one to another; below 0 and above 1 it lies beyond. */
const beyond = (from: Pair, to: Pair, part: number): Pair => [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])]

/** The name of the k-th point: x₁₂. */
const point = (k: number) => "x" + String(k).replace(/\d/g, digit => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]!)
