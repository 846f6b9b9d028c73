/* Downhill in two dimensions: contours, a start to drag, a rate to slide; four methods from the same start; before each
   step the local model that it follows, along the two coordinates and along the step itself. */

import "./descent-2d/style.css"
import { landscape, samples, trail } from "./shared/paths.ts"
import { conic } from "./shared/geometry.ts"
import { messages } from "./descent-2d/messages.ts"
import {
  descentTheory, fate, METHODS, millionth, modelOf, momentumTheory, preconditionedTheory, SHOWN, stepOf, type Method, type Regime, type Theory,
} from "./descent-2d/methods.ts"
import table from "./descent-2d/state.json"
import { RATIO, STORIES, surfaceOf, type Story } from "./descent-2d/stories.ts"
import { memory, put, write } from "./shared/change.ts"
import { button, choice, make, numberField, player, slider, verdict } from "./shared/controls.ts"
import { walk, type Walk } from "./shared/descent.ts"
import { eigenvalues, surfaces, type Interval, type Pair, type Surface } from "./shared/functions.ts"
import { number } from "./shared/messages.ts"
import { mount } from "./shared/mount.ts"
import { decade, leap } from "./shared/scales.ts"
import { arrow, dots, handle, inside, label, lights, line, plot, spots } from "./shared/scene.ts"

const FORMULAS = {
  bowl: "f = x₁² + 2x₂²",
  rosenbrock: "f = (1 − x₁)² + 100(x₂ − x₁²)²",
  himmelblau: "f = (x₁² + x₂ − 11)² + (x₁ + x₂² − 7)²",
  saddle: "f = x₁² + ¼(x₂² − 1)²",
}

const COLOURS: Record<Regime, string> = {
  slow: "c5", monotone: "c0", swinging: "c4", cycling: "c1", divergent: "c3", settled: "c0", saddle: "c1", moving: "c1",
}

mount("descent-2d", table, messages, it => {
  const { words } = it
  const again = memory()

  // What the state means
  let surface: Surface = surfaces.bowl
  let story: Story
  let walks: Record<Method, Walk>
  let path: Walk
  let points: Pair[] // the path's, as far as it is shown
  let k = 0
  let theory: Theory | null
  let regime: Regime
  let colour = "c0"
  it.draws(() => {
    const { f, kappa, angle, eta, method } = it.state
    surface = surfaceOf(f, kappa, angle)
    story = STORIES[f]
    walks = again("walks", courses(), () => Object.fromEntries(METHODS.map(method => [method, walkOf(method, eta)])) as Record<Method, Walk>)
    path = walks[method]
    points = shown(path)
    k = Math.min(it.lit ?? it.state.k, last())
    theory = theoryOf(method)
    regime = regimeOf(method)
    colour = colourOf(method, regime)
  })
  const walkOf = (method: Method, eta: number) =>
    walk(surface, stepOf(method, surface, eta, it.state.mu), [it.state.x1, it.state.x2], SHOWN + 1)
  const theoryOf = (method: Method): Theory | null => {
    if (surface.L === null || method === "newton") return null
    if (method === "preconditioned") return preconditionedTheory(surface)
    return method === "gd" ? descentTheory(surface, [it.state.x1, it.state.x2], it.state.eta) : momentumTheory(surface, it.state.eta, it.state.mu)
  }
  const regimeOf = (method: Method) => theoryOf(method)?.regime ?? fate(surface, walks[method])
  const last = () => points.length - 1
  const here = () => points[k]!
  /** Where the step from here really arrives; null where that is no number any more. */
  const next = () => (path.points[k + 1] as Pair | undefined) ?? null
  const moves = () => next()?.some((to, i) => to !== here()[i]) ?? false
  /** What the local model says that the step to `to` changes: the tangent plane, and for Newton the quadratic. */
  const promise = (to: Pair) => {
    const p = [to[0] - here()[0], to[1] - here()[1]] as const
    const slope = dot(surface.grad(here()), p)
    const bend = it.state.method === "newton" ? surface.hess(here()).map(row => dot(row, p)) : [0, 0]
    return slope + dot(bend, p) / 2
  }

  /** Names the surface. */
  const key = () => [it.state.f, it.state.kappa, it.state.angle].join()
  /** What the walks hang on; which step is looked at is not among it. */
  const courses = () => [key(), it.state.x1, it.state.x2, it.state.eta, it.state.mu]

  // The plane
  const square = (left: number) => (width: number) => (width - left - 10) * RATIO + 48
  const main = plot(it, { name: words.contours, height: square(30), margin: { left: 30 }, x: "x₁", y: "x₂" })
  main.root.classList.add("plane")
  it.draws(() => main.frame(...story.window)) // even while it rests: others ask what is inside
  main.draws(() => {
    const [[left, right], [bottom, top]] = story.window
    const { method, eta } = it.state
    landscape(main, key(), surface, story.levels, 100)
    const [x1, x2] = here()
    line(main, "hair", "s1", [[left, x2], [right, x2]], "s1 thin")
    line(main, "hair", "s2", [[x1, bottom], [x1, top]], "s2 thin")
    main.again("walks", [...courses(), method], () => {
      trail(main, "others", "gd", method === "gd" ? [] : shown(walks.gd), `${colourOf("gd", regimeOf("gd"))} thin faint`)
      trail(main, "future", "path", points, `${colour} thin faint`)
      spots(main, "future", "steps", points, `${colour} faint`, 2.75)
    })
    trail(main, "past", "path", points.slice(0, k + 1), `${colour} line`)
    spots(main, "past", "steps", points.slice(0, k + 1), colour, 2.75)
    dots(main, "ends", "minima", surface.minima, "c2 ring", 8)
    dots(main, "ends", "end", points.slice(-1), `${colour} ring`, 5.5)

    // The model's level through here, around the place where it says to go; then the step.
    const g = surface.grad(here())
    const to = next()
    const inertia = method === "momentum" && k > 0
    const goal: Pair | null = inertia ? [x1 - eta * g[0]!, x2 - eta * g[1]!] : to
    const model = modelOf(method, surface, here(), eta)
    const away = goal ? [x1 - goal[0], x2 - goal[1]] as const : [0, 0] as const
    const rings = goal ? conic(model, goal, dot(away, model.map(row => dot(row, away)))) : []
    trail(main, "step", "model0", rings[0] ?? [], "c1 thin dashed")
    trail(main, "step", "model1", rings[1] ?? [], "c1 thin dashed")
    const length = Math.hypot(...g)
    const reach = (right - left) / 7 / (length || 1)
    const tip: Pair = [x1 - reach * g[0]!, x2 - reach * g[1]!]
    arrow(main, "step", "gradient", here(), tip, "ink thin")
    label(main, "step", "gradient", length > 0 ? tip : null, "−∇f", "ink", x1 < (left + right) / 2 ? 6 : -6, 4, x1 < (left + right) / 2 ? "start" : "end")
    arrow(main, "step", "pull", here(), inertia && goal ? goal : here(), "c1 thin")
    arrow(main, "step", "step", here(), to ?? here(), "c1 line")
    dots(main, "step", "now", [here()], "c1 dot", 5)
  })
  lights(main, () => points)
  const start = handle(main, {
    name: words.start,
    axis: "both",
    at: () => [it.state.x1, it.state.x2],
    move: ([x1, x2]) => it.set({ x1: Number(x1.toPrecision(3)), x2: Number(x2.toPrecision(3)) }),
    text: () => `x₁ = ${number(it.state.x1)}, x₂ = ${number(it.state.x2)}, f = ${number(path.losses[0]!)}`,
  })
  it.hint(start, words.hint)

  // The losses of all four
  const curve = ({ losses }: Walk) => losses.slice(0, SHOWN + 1).map((loss, k): Pair => [k, Math.max(1e-16, loss)])
  const side = plot(it, { name: words.losses, height: width => Math.max(170, width * 0.62), x: "k", y: "f(xₖ)", log: "y", ticks: [4, 4], margin: { left: 44 }, follows: true })
  side.draws(() => {
    const { method } = it.state
    const first = decade(Math.max(path.losses[0]!, 1e-6))
    const losses = curve(path)
    const most = decade(Math.max(...losses.map(([, loss]) => 3 * loss)))
    const [low, high] = [first * 1e-9, Math.min(first * 1e12, Math.max(first * 10, most))]
    side.frame([-2, SHOWN + 2], [low, high])
    side.again("walks", [...courses(), method], () => {
      for (const other of METHODS) {
        const chosen = other === method
        trail(side, chosen ? "chosen" : "others", other, chosen ? [] : curve(walks[other]), other === "gd" ? "c0 thin faint" : "c5 thin")
      }
      trail(side, "future", "path", losses, `${colour} line`)
    })
    line(side, "now", "k", [[k, low], [k, high]], "c1 thin dashed")
    dots(side, "now", "now", [losses[k]!], "c1 dot", 4.5)
  })
  lights(side, () => curve(path))

  // Along the step
  const ray = plot(it, { name: words.ray, height: width => Math.max(170, width * 0.6), y: "f(xₖ + t p) − f(xₖ)", ticks: [2, 4], margin: { left: 50 }, follows: true })
  ray.draws(() => {
    const to = next() ?? here()
    const along = (t: number): Pair => [here()[0] + t * (to[0] - here()[0]), here()[1] + t * (to[1] - here()[1])]
    const change = (t: number) => surface.f(along(t)) - surface.f(here())
    const promised = (t: number) => promise(along(t))
    const marks = [0, 1, 0.5].flatMap(t => [change(t), promised(t)])
    const [low, high] = [Math.min(...marks), Math.max(...marks)]
    const room = 0.15 * leap(high - low) || 1
    ray.frame([-0.15, 1.25], [-Math.max(room, leap(-1.15 * low)), Math.max(room, leap(1.15 * high))])
    trail(ray, "curve", "f", samples(-0.15, 1.25, change), "c5 line")
    line(ray, "model", "promise", moves() ? samples(0, 1.12, promised) : [], "c1 thin dashed")
    line(ray, "model", "gap", moves() ? [[1, promised(1)], [1, change(1)]] : [], "ink thin dotted")
    dots(ray, "model", "promise", moves() ? [[1, promised(1)]] : [], "c1 ring", 5)
    dots(ray, "model", "arrival", moves() ? [[1, change(1)]] : [], `${colour} dot`, 5)
    dots(ray, "model", "now", [[0, 0]], "c1 dot", 5)
  })

  // The two slices through here, each with its tangent
  const slices = make("div", "slices")
  for (const axis of [0, 1] as const) {
    const [own, other] = axis ? ["x₂", "x₁"] : ["x₁", "x₂"]
    const scene = plot(it, { name: words.slices[axis]!, height: width => Math.max(130, width * 0.42), x: own, ticks: [4, 3], margin: { left: 40, top: 6 }, follows: true })
    const [where, slope] = [make("span", `s${axis + 1}`), make("span", "c1")]
    slices.append(group("slice", group("", where, slope), scene.root))
    scene.draws(() => {
      const [from, to] = story.window[axis]
      const at = (x: number): Pair => (axis ? [here()[0], x] : [x, here()[1]])
      const [x, loss, g] = [here()[axis], surface.f(here()), surface.grad(here())[axis]!]
      const top = leap(Math.max(story.top, 2.5 * path.losses[0]!, inside(main)(here()) ? 1.3 * loss : 0))
      const tangent = (reach: number): Pair => [x + reach, loss + g * reach]
      const half = (to - from) / 7 / Math.hypot(1, g * (to - from) / top) // about as long on the screen at any slope
      scene.frame([from, to], [-0.12 * top, top])
      trail(scene, "curve", "f", samples(from, to, x => surface.f(at(x))), `s${axis + 1} line`)
      line(scene, "curve", "tangent", [tangent(-half), tangent(half)], "c1 thin dashed")
      dots(scene, "curve", "now", [[x, loss]], "c1 dot", 4.5)
      label(scene, "curve", "above", loss > top ? [x, top] : null, `↑ ${number(loss)}`, "c1", 6, 14)
    })
    it.follows(() => {
      write(where, `${other} = ${number(here()[1 - axis]!)}`)
      write(slope, `∂f/∂${own} = ${number(surface.grad(here())[axis]!)}`)
    })
  }

  // What is told
  const told = make("p", "told")
  const stepSentence = () => {
    const { method } = it.state
    const to = next()
    if (!to) return path.end === k + 1 ? words.singular : ""
    if (!moves()) return words.there
    const [small, large] = eigenvalues(surface.hess(here()))
    const facts = { k, x: here(), to, promised: promise(to), real: path.losses[k + 1]! - path.losses[k]! }
    return words.step({ ...facts, model: method === "newton" ? "quadratic" : "plane" })
      + (method === "newton" && small <= 0 ? words.gap + words.indefinite(small, large) : "")
  }
  const judged = verdict()
  const why = (): string[] => {
    const { method, eta, kappa, x1, x2 } = it.state
    const says = words.why
    const gone = points.findLastIndex(inside(main)) + 1
    const away = regime === "divergent" && gone < points.length ? [says.gone(gone)] : []
    if (path.losses[0] === 0) return []
    if (theory && method === "gd") {
      const { factors, rho } = theory
      const parts = factors.filter((one, i) => one.lambda !== factors[i - 1]?.lambda).map(one => says.factor(one.lambda, one.factor))
      const reason = says[regime as "monotone"]
      const left = Math.hypot(...points[last()]!) / Math.hypot(x1, x2)
      return [says.factors(parts), reason, ...(factors.length < 2 ? [says.aside] : []), ...(rho < 1 ? [says.distance(left)] : away)]
    }
    if (theory && method === "preconditioned") {
      const before = it.state.f === "valley" ? kappa : 2
      return [theory.rho === 0 ? says.straight : says.crooked(before, (1 + theory.rho) / (1 - theory.rho))]
    }
    if (theory) return [theory.rho > 1 ? says.inertiaGrows(theory.rho) : says.inertia(theory.rho), ...away]
    if (surface.L !== null) return [says.exact]
    if (regime === "divergent") return [says.blown, ...away]
    const end = points[last()]!
    const [near] = [...surface.minima, ...(regime === "saddle" ? surface.saddles : [])].sort((a, b) => apart(a, end) - apart(b, end)) as [Pair]
    const [, curved] = eigenvalues(surface.hess(near))
    if (regime === "saddle") return [(curved < 0 ? says.hill : says.saddle)(near)]
    if (regime === "slow") return [says.slowly(path.losses[last()]!, Math.hypot(...surface.grad(end)))]
    const reason = regime === "settled" ? says.settled(near, millionth(path)) : says.moving(path.losses[last()]!)
    // Nothing is promised of the other methods; and where a walk is caught by a cycle elsewhere, this is not why.
    const told = method === "gd" && (eta * curved < 2) === (regime === "settled")
    return told ? [reason, says.curved(near, curved, eta * curved)] : [reason]
  }
  const judgement = () => [...why(), ...(path.end !== null && path.end <= SHOWN ? [words.ended(path.end)] : [])].join(words.gap)
  it.follows(() => {
    write(told, stepSentence())
    judged.say(words.regimes[regime], COLOURS[regime], words.after + judgement())
  })

  // The knobs
  const rate = slider(it, { key: "eta", label: words.eta, log: true, text: v => `η = ${number(v)}` })
  const inertia = slider(it, { key: "mu", label: words.mu, text: v => `μ = ${number(v)}` })
  const kappa = slider(it, { key: "kappa", label: words.kappa, log: true, text: v => `κ = ${number(v)}` })
  const angle = slider(it, { key: "angle", label: words.angle, text: v => `${number(v)}°` })
  rate.band(() => {
    const { x1, x2, method, mu } = it.state
    const inertial = method === "momentum"
    return again("bands", [key(), x1, x2, inertial ? mu : ""], () => bandsOf(inertial ? "momentum" : "gd", mu))
  })
  const bandsOf = (method: "gd" | "momentum", mu: number) => {
    const { min, max } = table.eta
    const band = (to: number, regime: Regime) => ({ to: Math.min(max, to), classes: COLOURS[regime] + " " + regime, name: words.regimes[regime] })
    const L = surface.L
    if (L !== null && method === "momentum") return [band(2 * (1 + mu) / L, "monotone"), band(max, "divergent")]
    if (L !== null) return [band(1 / L, "monotone"), band(2 / L, "swinging"), band(max, "divergent")]
    const rates = Array.from({ length: 48 }, (_, i) => min * (max / min) ** ((i + 0.5) / 48))
    return rates.map((eta, i) => band(min * (max / min) ** ((i + 1) / 48), fate(surface, walkOf(method, eta))))
  }
  rate.landmarks(() => {
    const { L, best, minima } = surface
    const { marks } = words
    const inertial = it.state.method === "momentum"
    const most = inertial ? 2 * (1 + it.state.mu) : 2
    if (L === null || best === null) {
      const limits = minima.map(x => ({ at: most / eigenvalues(surface.hess(x))[1], label: inertial ? "η max" : "2/λ", name: marks.valley(x, inertial) }))
      return limits.filter(({ at }, i) => limits.findIndex(other => other.at === at) === i)
    }
    if (inertial) return [{ at: most / L, label: "η max", name: marks.inertia }]
    const whole = best === 1 / L ? [] : [{ at: 1 / L, label: "1/L", name: marks.whole }]
    return [...whole, { at: best, label: "η*", name: marks.best }, { at: 2 / L, label: "2/L", name: marks.limit }]
  })

  // Four methods side by side
  const race = make("div", "methods")
  for (const method of METHODS) {
    const picture = button("", "method", () => it.set({ method }))
    const small = plot(it, { name: "", height: width => width * RATIO, ticks: [0, 0], margin: { top: 2, right: 2, bottom: 2, left: 2 }, follows: true })
    small.root.setAttribute("aria-hidden", "true")
    const [name, result] = [make("b", "", words.methods[method]), make("span", "")]
    picture.append(small.root, name, result)
    race.append(picture)
    it.follows(() => {
      const own = walks[method]
      const fell = shown(own).length <= SHOWN ? Infinity : own.losses[SHOWN]! / own.losses[0]!
      const steps = millionth(own)
      const classes = colourOf(method, regimeOf(method))
      write(result, classes === "c3" ? words.flies : steps !== null ? words.steps(steps) : fell > 1 ? words.grew(fell) : words.left(fell))
      put(picture, { class: `method ${classes}`, "aria-pressed": String(it.state.method === method) })
    })
    small.draws(() => {
      small.frame(...story.window)
      small.again("walk", courses(), () => {
        const own = shown(walks[method])
        const classes = colourOf(method, regimeOf(method))
        landscape(small, key(), surface, story.levels, 40)
        trail(small, "path", "path", own, `${classes} thin`)
        spots(small, "path", "steps", own, classes, 1.75)
        dots(small, "path", "minima", surface.minima, "c2 ring", 4)
      })
    })
  }

  // The page
  const formula = make("p", "formula")
  const shape = group("shape", kappa.root, angle.root)
  it.draws(() => {
    const { f, kappa, angle } = it.state
    write(formula, f === "valley" ? words.turned(kappa, angle) : FORMULAS[f])
    shape.toggleAttribute("hidden", f !== "valley")
    inertia.root.toggleAttribute("hidden", it.state.method !== "momentum")
  })
  const fields = (["x1", "x2"] as const).map((key, i) =>
    numberField(it, { key, label: words.coordinates[i]!, range: () => story.window[i]! }))
  it.stage.append(
    choice(it, { key: "f", label: words.f, options: words.names }),
    formula,
    group("board",
      main.root, group("aside", side.root, ray.root), slices,
      group("controls", player(it, { key: "k", last }), told, judged.root, rate.root, inertia.root, shape, group("starts", ...fields)),
      group("race", make("p", "", words.race), race)),
  )

  return {
    sentence() {
      const { f, kappa, angle, x1, x2, eta, method } = it.state
      const name = f === "valley" ? words.turned(kappa, angle) : FORMULAS[f]
      return [words.now(name, [x1, x2], words.methods[method], eta), words.regimes[regime] + words.after + judgement(), stepSentence()].join(words.gap)
    },
    adapt(next, change, before) {
      const story = STORIES[next.f]
      const fresh = next.f !== before.f
      const own = <K extends "x1" | "x2" | "eta">(key: K) => (fresh && change[key] === undefined ? story[key] : next[key])
      const within = ([low, high]: Interval, x: number) => Math.min(high, Math.max(low, x))
      const [x1, x2] = [within(story.window[0], own("x1")), within(story.window[1], own("x2"))]
      return { ...next, x1, x2, eta: own("eta"), k: fresh && change.k === undefined ? 0 : next.k }
    },
  }
})

const group = (classes: string, ...parts: HTMLElement[]) => {
  const made = make("div", classes)
  made.append(...parts)
  return made
}

const shown = ({ points }: Walk) => points.slice(0, SHOWN + 1) as unknown as Pair[]

const apart = (a: Pair, b: Pair) => Math.hypot(a[0] - b[0], a[1] - b[1])

const dot = (a: readonly number[], b: readonly number[]) => a[0]! * b[0]! + a[1]! * b[1]!

const colourOf = (method: Method, regime: Regime) => (regime === "divergent" ? "c3" : method === "gd" ? "c0" : "c4")
