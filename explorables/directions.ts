/* Every direction at once: a point on the contours, a unit vector u to turn, and the slope along u beside the slopes along
   all others; and what a step of length h along u really does. */

import "./directions/style.css"
import { along, DEGREE, facing, fields, look, quotient, ROOM, unit, type Field, type Look } from "./directions/fields.ts"
import { messages, n, pair } from "./directions/messages.ts"
import table from "./directions/state.json"
import { put, write } from "./shared/change.ts"
import { button, choice, make, slider, verdict } from "./shared/controls.ts"
import type { Pair } from "./shared/functions.ts"
import { common, number } from "./shared/messages.ts"
import { mount } from "./shared/mount.ts"
import { leap } from "./shared/scales.ts"
import { arrow, contours, direction, dots, gesture, handle, label, lights, line, plot, spots, stand } from "./shared/scene.ts"

const FORMULAS = {
  bowl: "f = x₁² + 2x₂²",
  saddle: "f = x₁² + ¼(x₂² − 1)²",
  himmelblau: "f = (x₁² + x₂ − 11)² + (x₁ + x₂² − 7)²",
  psi: "ψ = x₁³ / (x₁² + x₂²), ψ(0, 0) = 0",
}

/** The directions in which the quotient is measured, as in the chapter's figure: theta in degrees. */
const MEASURED = Array.from({ length: 16 }, (_, k) => 22.5 * k)

/** What the curve shows of theta. Its four quarters stand over the four landmarks. */
const [FROM, TO] = [-45, 315]

mount("directions", table, messages, it => {
  const { words } = it

  // What the state means
  let field: Field = fields.bowl
  let now: Look
  let measured: Pair[] // theta and the quotient, round once
  it.draws(() => {
    const { f, x1, x2, angle, h } = it.state
    field = fields[f]
    now = look(field, x1, x2, angle)
    measured = MEASURED.map(theta => [theta < TO ? theta : theta - 360, quotient(field, now, unit(now, theta), h)])
  })
  const turn = (theta: number) => it.set({ angle: facing(now, theta) })
  const real = () => quotient(field, now, now.u, it.state.h)

  // The plane, and around the point a dial on which u is turned
  const plane = plot(it, { name: words.plane, height: width => width + 8, margin: { left: 30 }, x: "x₁", y: "x₂" })
  plane.root.classList.add("plane")
  /** The length on the dial that stands for 1: two handles must not cover each other, be the picture ever so small. */
  const one = () => {
    const [left, right] = plane.x.range()
    return Math.max(46, (right - left) / 5) / (plane.x(1) - plane.x(0))
  }
  /** A point of the dial, or `more` times as far. */
  const dial = (theta: number, more = 1) => along(now.x, unit(now, theta), more * one())
  const arc = (from: number, to: number) => Array.from({ length: 61 }, (_, i) => dial(from + (to - from) * i / 60))
  const tip = (more = 1) => along(now.x, now.u, more * one())
  plane.draws(() => {
    const { half, levels, f } = field
    const { x, u, theta, still, dot, norm } = now
    plane.frame([-half, half], [-half, half])
    contours(plane, "contours", it.state.f, f, levels, "c5 thin faint")
    contours(plane, "level", it.state.f, f, still ? [] : [f(x)], "c5 line", 64)
    // A gradient of zero has no direction, so all that is told by its direction goes.
    const unless = <P,>(points: readonly P[]) => (still ? [] : points)
    line(plane, "dial", "all", arc(0, 360), "c5 thin")
    line(plane, "dial", "downhill", unless(arc(90, 270)), "c2 line")
    line(plane, "dial", "tangent", unless([dial(90, 1.5), dial(270, 1.5)]), "ink thin dashed")
    spots(plane, "dial", "measured", MEASURED.map(theta => dial(theta)), "ink", 2)
    dots(plane, "dial", "lit", it.lit === null ? [] : [dial(MEASURED[it.lit]!)], "ink dot lit", 2.5)
    dots(plane, "dial", "level", unless([dial(90), dial(270)]), "ink ring", 5)
    dots(plane, "dial", "least", unless([dial(180)]), "c2 ring", 8)
    arrow(plane, "gradient", "gradient", x, still ? x : dial(0), "ink thin")
    // Beside the arrow, on the side where u is not.
    const side = theta > 0 && theta < 180 ? 270 : 90
    label(plane, "gradient", "gradient", still ? null : along(dial(0, 0.62), unit(now, side), 0.3 * one()), "∇f", "ink", 0, 4, "middle")
    // The shadow that u casts on the line of the gradient is cos θ long.
    const shadow = still ? x : dial(0, dot / norm)
    line(plane, "u", "shadow", unless([x, shadow]), "c1 shadow")
    line(plane, "u", "drop", unless([tip(), shadow]), "c1 thin dotted")
    arrow(plane, "u", "u", x, tip(), "c1 line")
    label(plane, "u", "u", tip(1.35), "u", "c1", 0, 4, "middle")
    dots(plane, "u", "step", [along(x, u, it.state.h)], "ink dot", 4)
  })
  lights(plane, () => MEASURED.map(theta => dial(theta)))
  handle(plane, {
    name: words.point,
    axis: "both",
    at: () => now.x,
    move: ([x1, x2]) => it.set({ x1: Number(x1.toPrecision(3)), x2: Number(x2.toPrecision(3)) }),
    text: () => `x = ${pair(now.x)}, ∇f = ${pair(now.g)}`,
  })

  // The tip of u is turned, not moved, so its keys are its own.
  const pointer = make("div", "handle both c1")
  pointer.tabIndex = 0
  for (const [name, value] of Object.entries({
    role: "slider", "aria-label": words.u, "aria-roledescription": common[it.language].point, "aria-valuemin": "0", "aria-valuemax": "360",
  })) pointer.setAttribute(name, value)
  plane.handles.append(pointer)
  gesture(pointer, it, {
    begin(event) {
      const [px, py] = plane.px(tip())
      const [dx, dy] = [px - event.clientX, py - event.clientY]
      return event => {
        const [cx, cy] = plane.px(now.x)
        turn(Math.atan2(cy - event.clientY - dy, event.clientX + dx - cx) / DEGREE - now.up)
      }
    },
    key(event) {
      const [right, up] = direction(event)
      if (event.key === "Home" || event.key === "End") return () => turn(event.key === "Home" ? 0 : 180)
      return right || up ? () => turn(now.theta + 360 * (right + up)) : null
    },
  })
  it.draws(() => {
    stand(pointer, plane.px(tip()))
    put(pointer, { "aria-valuenow": it.state.angle, "aria-valuetext": `u = ${pair(now.u)}, Dᵤf = ${n(now.slope)}` })
  })
  it.hint(pointer, words.hint)

  // The slopes in all directions
  const curve = plot(it, { name: words.curve, height: width => Math.max(200, width * 0.8), x: "θ", y: "Dᵤf", ticks: [0, 4], margin: { left: 40, right: 6, bottom: 8 } })
  curve.draws(() => {
    const { norm, kink, slope, theta, still } = now
    const reach = leap(Math.max(1.35 * norm, ...measured.map(([, q]) => 1.05 * Math.abs(q)), 1e-6))
    const formula = (theta: number) => norm * Math.cos(theta * DEGREE)
    curve.frame([FROM, TO], [-reach, reach])
    line(curve, "guides", "zero", [[FROM, 0], [TO, 0]], "c5 thin")
    line(curve, "guides", "downhill", still ? [] : [[90, 0], [270, 0]], "c2 line")
    line(curve, "curve", "cosine", sampled(formula), kink ? "c3 thin dashed" : "c0 line")
    line(curve, "curve", "kink", kink ? sampled(theta => field.kink!(unit(now, theta))) : [], "c0 line")
    dots(curve, "marks", "level", still ? [] : [[90, 0], [270, 0]], "ink ring", 5)
    dots(curve, "marks", "most", still ? [] : [[0, norm]], "ink ring", 5)
    dots(curve, "marks", "least", still ? [] : [[180, -norm]], "c2 ring", 8)
    spots(curve, "marks", "measured", measured, "ink", 2)
    dots(curve, "marks", "lit", it.lit === null ? [] : [measured[it.lit]!], "ink dot lit", 2.5)
    label(curve, "marks", "most", still ? null : [0, norm], "‖∇f‖", "ink", 0, -12, "middle")
    label(curve, "marks", "least", still ? null : [180, -norm], "−‖∇f‖", "c2", 0, 24, "middle")
    line(curve, "now", "slope", [[theta, 0], [theta, slope]], "c1 thin dashed")
  })
  lights(curve, () => measured)
  handle(curve, {
    name: words.theta,
    axis: "x",
    at: () => [now.theta, now.slope],
    move: ([theta]) => turn(theta),
    text: () => `${now.still ? "" : `θ = ${n(now.theta)}°, `}Dᵤf = ${n(now.slope)}`,
  })
  const marks = make("div", "marks")
  marks.append(...(["0", "π/2", "π", "3π/2"] as const).map((theta, quarter) => {
    const mark = button(words.marks[quarter]!, "landmark", () => turn(90 * quarter))
    mark.append(" ", make("small", "", `θ = ${theta}`))
    it.draws(() => {
      mark.classList.toggle("here", now.mark === 90 * quarter)
      mark.disabled = now.still
    })
    return mark
  }))

  // Along u: what the tangent plane promises of a step, and what happens. It is seen as large at any h.
  const cut = plot(it, { name: words.cut, height: width => Math.max(170, width * 0.5), x: "h", y: "f(x + hu) − f(x)", ticks: [3, 4], margin: { left: 50 }, follows: true })
  cut.draws(() => {
    const { h } = it.state
    const change = (h: number) => field.f(along(now.x, now.u, h)) - field.f(now.x)
    const promised = (h: number) => h * now.dot
    const [from, to] = [-0.15 * h, 1.2 * h]
    const seen = [0, h / 2, h].flatMap(h => [change(h), promised(h)])
    const [low, high] = [Math.min(...seen), Math.max(...seen)]
    const room = 0.2 * leap(high - low) || h
    cut.frame([from, to], [-Math.max(1.5 * room, leap(-1.3 * low)), Math.max(room, leap(1.2 * high))])
    line(cut, "curve", "f", Array.from({ length: 61 }, (_, i): Pair => [from + (to - from) * i / 60, change(from + (to - from) * i / 60)]), "c5 line")
    line(cut, "step", "promise", [[from, promised(from)], [to, promised(to)]], "c1 thin dashed")
    line(cut, "step", "quotient", [[0, 0], [h, change(h)]], "ink thin")
    line(cut, "step", "gap", [[h, promised(h)], [h, change(h)]], "ink thin dotted")
    dots(cut, "step", "promise", [[h, promised(h)]], "c1 ring", 5)
    dots(cut, "step", "real", [[h, change(h)]], "ink dot", 5)
    dots(cut, "step", "now", [[0, 0]], "c1 dot", 5)
  })

  // What is told
  const judged = verdict()
  const told = make("p", "told")
  const sums = make("div", "sums")
  sums.append(...Array.from({ length: 4 }, () => make("p", "")))
  const kind = () => {
    const { kinds } = words
    const { still, kink, mark, slope, dot, norm } = now
    if (still) return kinds.still
    if (kink) return kinds.kink(dot, slope)
    if (mark === 0) return kinds.steepestUp(norm)
    if (mark === 180) return kinds.steepestDown(norm)
    if (mark !== null) return kinds.level
    return slope < 0 ? kinds.down(slope, norm) : kinds.up(slope, norm)
  }
  const stepSentence = () => words.step(now.kink, it.state.h, it.state.h * now.dot, it.state.h * real())
  it.follows(() => {
    const { g, u, norm, theta, dot, still, kink, mark } = now
    const [name, why] = kind()
    const p = (value: number) => (value < 0 ? `(${n(value)})` : n(value))
    judged.say(name, kink ? "c3" : mark === 180 ? "c2" : "ink", words.gap + why)
    const lines = [
      `∇f = ${pair(g)}, u = ${pair(u)}`,
      `${kink ? "" : "Dᵤf = "}∇f ⋅ u = ${n(g[0])} × ${p(u[0])} + ${p(g[1])} × ${p(u[1])} = ${n(dot)}`,
      still ? "‖∇f‖ = 0" : `‖∇f‖ cos θ = ${n(norm)} × cos(${n(theta)}°) = ${n(dot)}`,
      `(f(x + hu) − f(x)) / h = ${n(real())}`,
    ]
    lines.forEach((line, i) => write(sums.children[i]!, line))
    write(told, stepSentence())
  })

  // The page
  const over = make("div", "over")
  const special = button("", "special", () => {
    const next = field.special[(field.special.indexOf(now.x) + 1) % field.special.length]!
    it.set({ x1: next[0], x2: next[1] })
  })
  const formula = make("p", "formula")
  it.draws(() => {
    write(formula, FORMULAS[it.state.f])
    write(special, field.kink ? words.toKink : words.toStill)
  })
  over.append(choice(it, { key: "f", label: words.f, options: words.names }), special)
  const [views, walk, right, rest] = [make("div", "views"), make("div", "views"), make("div", ""), make("div", "")]
  right.append(curve.root, marks, judged.root)
  rest.append(sums, told)
  walk.append(cut.root, rest)
  views.append(plane.root, right)
  const size = slider(it, { key: "h", label: words.h, log: true, text: h => `h = ${number(h)}` })
  it.stage.append(over, formula, views, walk, size.root)

  return {
    sentence: () => [words.now(FORMULAS[it.state.f], now.x, now.g, now.u), kind().join(words.gap), stepSentence()].join(words.gap),
    adapt(next, change, before) {
      const { half, start } = fields[next.f]
      const fresh = next.f !== before.f
      const within = (x: number) => Math.min(ROOM * half, Math.max(-ROOM * half, x))
      return {
        ...next,
        x1: within(fresh && change.x1 === undefined ? start[0] : next.x1),
        x2: within(fresh && change.x2 === undefined ? start[1] : next.x2),
      }
    },
  }
})

/** A function of theta, over the curve's axis. */
const sampled = (f: (theta: number) => number) =>
  Array.from({ length: 121 }, (_, i): Pair => [FROM + (TO - FROM) * i / 120, f(FROM + (TO - FROM) * i / 120)])
