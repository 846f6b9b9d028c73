/* The Jacobian as a picture: a small square at p, its image under a map, and the parallelogram that J makes of it;
   the same magnified 1/s times; the area; and, from the other side, vᵀJ as a combination of the rows. */

import "./jacobian-map/style.css"
import { det, EDGE, folded, growth, maps, minus, moved, plus, pull, span, times, type Matrix, type PlaneMap } from "./jacobian-map/maps.ts"
import { messages, pair, short } from "./jacobian-map/messages.ts"
import table from "./jacobian-map/state.json"
import { put, write } from "./shared/change.ts"
import { button, choice, make, slider, verdict } from "./shared/controls.ts"
import type { Interval, Pair } from "./shared/functions.ts"
import { mount } from "./shared/mount.ts"
import { leap } from "./shared/scales.ts"
import { arrow, dots, handle, label, lights, line, plot, through, type Plot } from "./shared/scene.ts"

type Name = keyof typeof maps

/** Where a map begins when it is chosen, what is seen of both planes (squares, so that a square looks like one), the
    lines of the large grid, J in symbols, and where it is written that det J = 0. */
const STORIES: Record<Name, { p: Pair; input: Pair; output: Pair; size: Pair; grid: readonly [Interval, Interval, Pair]; J: readonly string[]; flat: Pair | null }> = {
  phi: { p: [1, 1], input: [-1.8, -1.8], output: [-2.6, -3.2], size: [4.5, 7.6], grid: [[-2, 3], [-2, 3], [10, 10]], J: ["2x₁", "−1", "x₂", "x₁"], flat: [0.95, -0.9] },
  polar: { p: [3, 0.5], input: [-1.3, -0.5], output: [-4.4, -4.4], size: [7.6, 8.8], grid: [[0, 4], [0, 2 * Math.PI], [8, 24]], J: ["cos θ", "−r sin θ", "sin θ", "r cos θ"], flat: [0, 6.55] },
  square: { p: [1, 0.5], input: [-1.8, -1.8], output: [-4.5, -3.8], size: [4.5, 9], grid: [[-2, 3], [-2, 3], [10, 10]], J: ["2x₁", "−2x₂", "2x₂", "2x₁"], flat: [0, 0] },
  shear: { p: [0.5, 0.5], input: [-1.8, -1.8], output: [-3.2, -2.8], size: [4.5, 7], grid: [[-2, 3], [-2, 3], [10, 10]], J: ["1", "1", "0", "1"], flat: null },
  fold: { p: [0.25, -1], input: [-1.8, -1.8], output: [-1.8, -1], size: [4.5, 4.5], grid: [[-2, 3], [-2, 3], [10, 10]], J: ["1", "0", "0", "2x₂"], flat: [1.5, 0] },
}

/** Cells along a side of the small square. */
const CELLS = 4
/** Its nodes but the corner p itself; the last is opposite to p. */
const NODES: readonly Pair[] = span([0, 1], CELLS).flatMap(a => span([0, 1], CELLS).map((b): Pair => [a, b])).slice(1)
/** Its lines, fine enough to be bent. */
const LINES = mesh([0, 1], [0, 1], [CELLS, CELLS], 20)
/** How far v goes; its plane shows a little more. */
const REACH = table.v1.max

mount("jacobian-map", table, messages, it => {
  const { words } = it

  // What the state means
  let map: PlaneMap = maps.phi
  let p: Pair
  let image: Pair
  let J: Matrix
  let v: Pair
  let real: (q: Pair) => Pair
  let promised: (q: Pair) => Pair
  let node: Pair
  it.draws(() => {
    const { f, x1, x2, s, v1, v2 } = it.state
    map = maps[f]
    ;[p, v] = [[x1, x2], [v1, v2]]
    ;[image, J] = [map.f(p), map.J(p)]
    ;({ real, promised } = moved(map, p, s))
    node = NODES[it.lit ?? NODES.length - 1]!
  })

  /** A plane with its caption; square, so that units are as long on both axes if the spans are equal. */
  const plane = (caption: string, x: string, y: string, follows = false) => {
    const on = plot(it, { name: caption, x, y, height: width => width + 2, ticks: [4, 4], follows })
    const root = make("div", "plane")
    root.append(make("p", "heading", caption), on.root)
    return { root, on }
  }
  const input = plane(words.input, "x₁", "x₂")
  const output = plane(words.output, "y₁", "y₂")
  const loupe = plane(words.loupe, "Δy₁ / s", "Δy₂ / s", true)
  const row = plane(words.row, "∂/∂x₁", "∂/∂x₂")
  const back = plane(words.back, "v₁", "v₂")

  // The two planes, each with the large grid and the line where det J = 0
  const box = (from: Pair, size: number): [Interval, Interval] => [[from[0], from[0] + size], [from[1], from[1] + size]]
  const names = [input, row].flatMap(({ on }) => [...on.root.querySelectorAll(".axis-name")])
  let behind = ""
  it.draws(() => {
    const { f, s } = it.state
    const { input: from, output: to, size, grid } = STORIES[f]
    const square = (q: Pair) => plus(p, times(s, q))
    const [one, two] = f === "polar" ? ["r", "θ"] : ["x₁", "x₂"]
    names.forEach((name, i) => write(name, [one, two, `∂/∂${one}`, `∂/∂${two}`][i]!))
    input.on.frame(...box(from, size[0]))
    output.on.frame(...box(to, size[1]))
    const background = [f, input.on.width, output.on.width].join()
    if (behind !== background) { // many points, and seldom others
      behind = background
      const large = mesh(...grid, 72)
      for (const [{ on }, by] of [[input, (x: Pair) => x], [output, map.f]] as const) {
        lines(on, "grid", "grid", large.map(part => part.map(by)), "c5 thin faint")
        const flat = map.flat.map(part => part.map(by))
        lines(on, "flat", "line", flat, "ink thin dashed")
        dots(on, "flat", "point", flat.filter(({ length }) => length === 1).map(([at]) => at!), "ink ring", 5)
      }
      label(input.on, "flat", "name", STORIES[f].flat, words.flat, "ink", 8, 18)
    }
    line(input.on, "square", "area", EDGE.map(square), "c0 area")
    lines(input.on, "square", "grid", LINES.map(part => [part[0]!, part.at(-1)!].map(square)), "c0 thin")
    arrow(input.on, "square", "1", p, square([1, 0]), "c1 line")
    arrow(input.on, "square", "2", p, square([0, 1]), "c1 line")
    dots(input.on, "square", "node", [square(node)], "ink dot", 3.5)
    images(output.on, image, s)
    dots(output.on, "front", "image", [image], "c1 dot", 5)
  })
  lights(input.on, () => NODES.map(q => plus(p, times(it.state.s, q))))
  lights(output.on, () => NODES.map(q => plus(image, times(it.state.s, real(q)))))

  // The image, magnified 1/s times. What is seen depends on the point but not on s.
  loupe.on.draws(() => {
    const widest = moved(map, p, table.s.max).real
    loupe.on.frame(...around([...EDGE.map(promised), ...EDGE.map(widest)]))
    images(loupe.on, [0, 0], 1)
    dots(loupe.on, "front", "corner", [[0, 0]], "c1 dot", 5)
    for (const [text, q] of [["Je₁", [1, 0]], ["Je₂", [0, 1]]] as const) {
      const tip = promised(q)
      const [dx, dy] = minus(loupe.on.px(tip), loupe.on.px([0, 0]))
      const length = Math.hypot(dx, dy)
      label(loupe.on, "front", text, length > 24 ? tip : null, text, "c1", 14 * dx / length, 14 * dy / length + 4, "middle")
    }
  })
  lights(loupe.on, () => NODES.map(real))

  /** The image of the square at `at`, what J says of it, and the gap between them at the node that is lit. */
  const images = (on: Plot, at: Pair, scale: number) => {
    const truly = (q: Pair) => plus(at, times(scale, real(q)))
    const linear = (q: Pair) => plus(at, times(scale, promised(q)))
    const corners: Pair[] = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    line(on, "real", "area", EDGE.map(truly), "c0 area")
    lines(on, "real", "grid", LINES.map(part => part.map(truly)), "c0 thin")
    lines(on, "linear", "grid", LINES.map(part => [part[0]!, part.at(-1)!].map(linear)), "c1 thin faint")
    line(on, "linear", "edge", corners.map(linear), "c1 line dashed")
    arrow(on, "linear", "1", at, linear([1, 0]), "c1 line")
    arrow(on, "linear", "2", at, linear([0, 1]), "c1 line")
    line(on, "gap", "gap", [linear(node), truly(node)], "ink line")
    dots(on, "gap", "promised", [linear(node)], "c1 ring", 5)
    dots(on, "gap", "real", [truly(node)], "c0 dot", 3.5)
  }

  const point = handle(input.on, {
    name: words.point,
    axis: "both",
    at: () => [it.state.x1, it.state.x2],
    move: ([x1, x2]) => it.set({ x1: Number(x1.toPrecision(3)), x2: Number(x2.toPrecision(3)) }),
    text: () => `p = ${pair(p)}, det J = ${short(det(J))}`,
  })
  it.hint(point, words.hint)

  // J in symbols and in numbers, and the areas as two bars from the same zero
  const facts = make("div", "facts")
  const matrices = make("div", "matrices")
  const symbols = make("div", "matrix symbols")
  const numbers = make("div", "matrix")
  for (const matrix of [symbols, numbers]) matrix.append(...Array.from({ length: 4 }, () => make("span", "")))
  const bars = make("div", "bars")
  const told = make("p", "told")
  const judged = verdict()
  matrices.setAttribute("aria-hidden", "true") // the one voice says it
  bars.setAttribute("aria-hidden", "true") // the verdict says it
  matrices.append("J =", symbols, "=", numbers)
  const bar = (name: string, classes: string) => {
    const [root, rail, fill, value] = [make("div", `bar ${classes}`), make("i", ""), make("b", ""), make("span", "value")]
    rail.append(fill)
    root.append(make("span", "", name), rail, value)
    bars.append(root)
    return (factor: number, most: number) => {
      const part = Math.abs(factor) / most * 50
      fill.style.width = `${part}%`
      fill.style.left = factor < 0 ? `${50 - part}%` : "50%"
      write(value, short(factor, 4))
    }
  }
  const said = bar(words.promise, "c1")
  const truth = bar(words.truth, "c0")
  facts.append(make("p", "heading", words.facts), matrices, make("p", "heading", words.growth), bars, judged.root, told)
  it.follows(() => {
    const grown = growth(map, p, it.state.s)
    const most = Math.max(Math.abs(det(J)), Math.abs(grown), 1e-9)
    STORIES[it.state.f].J.forEach((text, i) => write(symbols.children[i]!, text))
    J.flat().forEach((value, i) => write(numbers.children[i]!, short(value)))
    said(det(J), most)
    truth(grown, most)
    judged.say(`det J = ${short(det(J), 4)}${it.language === "zh" ? "。" : ". "}`, "c1", why())
    write(told, stepSentence())
  })
  const stepSentence = () => {
    const h = times(it.state.s, node)
    const [step, change] = [times(it.state.s, promised(node)), times(it.state.s, real(node))]
    const gap = Math.hypot(...minus(step, change))
    const error = gap < 1e-12 ? 0 : gap
    return words.step({ h, promised: step, real: change, error, part: error / Math.hypot(...h) })
  }
  const why = () => {
    const { f, s } = it.state
    const [said, really] = [det(J), growth(map, p, s)]
    const sizes = [short(Math.abs(said), 4), short(Math.abs(really), 4)] as const
    const holdsOrigin = p.every(x => x < 0 && x + s > 0)
    const kind = Math.abs(said) < 1e-12 ? (J.flat().every(value => Math.abs(value) < 1e-12) ? words.kinds.nothing : words.kinds.line)
      : f === "shear" ? words.kinds.exact(sizes[0])
      : folded(map, p, s) ? words.kinds.folded(short(really, 4))
      : f === "square" && holdsOrigin ? words.kinds.twice(sizes[1])
      : said < 0 ? words.kinds.turned(...sizes) : words.kinds.larger(...sizes)
    return `${kind}${it.language === "zh" ? "" : " "}${words.why[f]}`
  }

  // Backward: vᵀJ, put together from v₁ times the first row and v₂ times the second
  it.draws(() => {
    back.on.frame([-1.15 * REACH, 1.15 * REACH], [-1.15 * REACH, 1.15 * REACH])
    const first = times(v[0], J[0])
    const sum = pull(v, J)
    const reach = leap(Math.max(1.5, 1.35 * Math.hypot(...sum), ...[...J, first].flat().map(x => 1.1 * Math.abs(x))))
    row.on.frame([-reach, reach], [-reach, reach])
    for (const { on } of [row, back]) {
      lines(on, "axes", "axes", [[[-99, 0], [99, 0]], [[0, -99], [0, 99]]], "c5 thin faint")
    }
    J.forEach((one, i) => {
      arrow(row.on, "rows", `row ${i}`, [0, 0], one, "c5 line")
      // Its name stands beside its middle, on the side where the other row is not.
      const turn = cross(one, J[1 - i]!) || 1 - 2 * i
      const length = Math.hypot(...one)
      const [nx, ny] = times(Math.sign(turn) / length, [one[1], -one[0]])
      label(row.on, "rows", `row ${i}`, length > reach / 5 ? times(0.5, one) : null, words.rows[i]!, "c5",
        8 * nx, 4 - 12 * ny, nx > 0.4 ? "start" : nx < -0.4 ? "end" : "middle")
    })
    arrow(row.on, "parts", "1", [0, 0], first, "ink line")
    arrow(row.on, "parts", "2", first, sum, "ink line")
    arrow(row.on, "sum", "sum", [0, 0], sum, "c1 line sum")
    const far = Math.hypot(...sum)
    label(row.on, "sum", "sum", far > 0 ? sum : null, "vᵀJ", "c1", 18 * sum[0] / far, 4 - 14 * sum[1] / far, "middle")
    arrow(back.on, "parts", "1", [0, 0], [v[0], 0], "ink line")
    arrow(back.on, "parts", "2", [v[0], 0], v, "ink line")
    arrow(back.on, "sum", "sum", [0, 0], v, "c1 line sum")
    label(back.on, "parts", "1", Math.abs(v[0]) > 0.5 ? [v[0] / 2, 0] : null, "v₁", "ink", 0, v[1] < 0 ? -7 : 17, "middle")
    const side = Math.sign(v[0] || 1) * (Math.abs(v[0]) < 1.7 ? 1 : -1) // outside, if there is room
    label(back.on, "parts", "2", Math.abs(v[1]) > 0.5 ? [v[0], v[1] / 2] : null, "v₂", "ink", 8 * side, 4, side < 0 ? "end" : "start")
    write(combined, words.combination(v, J, sum))
  })
  handle(back.on, {
    name: words.v,
    axis: "both",
    at: () => [it.state.v1, it.state.v2],
    move: ([v1, v2]) => it.set({ v1: Number(v1.toFixed(2)), v2: Number(v2.toFixed(2)) }),
    text: () => `v = ${pair(v)}, vᵀJ = ${pair(pull(v, J))}`,
  })
  const combined = make("p", "combined")
  const units = make("div", "units")
  units.append(...(["e₁", "e₂"] as const).map((name, i) => button(`v = ${name}`, "", () => it.set({ v1: 1 - i, v2: i }))))
  back.root.append(units)
  row.root.append(combined)

  // The page
  const side = slider(it, { key: "s", label: words.side, log: true, text: s => `s = ${short(s)}` })
  const [views, near, backward] = [make("div", "views"), make("div", "views"), make("div", "views backward")]
  views.append(input.root, output.root)
  near.append(loupe.root, facts)
  backward.append(row.root, back.root)
  it.stage.append(choice(it, { key: "f", label: words.f, options: words.names, names: words.spoken }), views, side.root, near, backward)

  return {
    sentence: () => `${words.now(words.names[it.state.f], p, it.state.s, image, J)} det J = ${short(det(J), 4)}. ${why()} ${combined.textContent}`,
    adapt(next, change, before) {
      const [x1, x2] = STORIES[next.f].p
      const fresh = next.f !== before.f
      const [across, up] = maps[next.f].domain
      const within = ([from, to]: Interval, x: number) => Math.min(to, Math.max(from, x))
      return {
        ...next,
        x1: within(across, fresh && change.x1 === undefined ? x1 : next.x1),
        x2: within(up, fresh && change.x2 === undefined ? x2 : next.x2),
      }
    },
  }
})

/** Positive where `b` lies to the left of `a`. */
const cross = (a: Pair, b: Pair) => a[0] * b[1] - a[1] * b[0]

/** A frame of equal spans around some points. It too moves by leaps. */
function around(points: readonly Pair[]): [Interval, Interval] {
  const ends = ([0, 1] as const).map(i => points.map(point => point[i])).map(xs => [Math.min(...xs), Math.max(...xs)] as const)
  const size = leap(1.25 * Math.max(...ends.map(([from, to]) => to - from)))
  const middle = (from: number, to: number) => Math.round((from + to) / 2 / size * 20) * size / 20
  return ends.map(([from, to]) => [middle(from, to) - size / 2, middle(from, to) + size / 2]) as unknown as [Interval, Interval]
}

/** The lines of a grid of so many columns and rows, each of so many straight pieces. */
function mesh(x: Interval, y: Interval, [columns, rows]: Pair, pieces: number): Pair[][] {
  return [
    ...span(x, columns).map(a => span(y, pieces).map((b): Pair => [a, b])),
    ...span(y, rows).map(b => span(x, pieces).map((a): Pair => [a, b])),
  ]
}

/** Many lines as one path. */
function lines(on: Plot, layer: string, key: string, parts: readonly (readonly Pair[])[], classes: string): void {
  put(on.marks(layer, "path", key, 1)[0]!, { class: classes, d: parts.map(part => through(part.map(on.px))).join("") })
}
