/* The graph as SVG: boxes in rows, edges between them with the gradients they carried; and formulas as HTML. */

import { make } from "../shared/controls.ts"
import type { Pair } from "../shared/functions.ts"
import type { Plot } from "../shared/scene.ts"
import { edge, operation, type Layout, type Run, type Scene, type Step } from "./record.ts"

// px
export const HEIGHT = 440
const TOP = 36
const BOX = 46
const GRAD = 38 // the part of a leaf's box that shows .grad
const WIDEST = 168
const PORT = 0.22 // how far from the middle of a box an edge meets it, in widths of the box

export interface Box { name: string; x: number; y: number; width: number; height: number }

/** Where the boxes stand in a picture so many px wide. */
export function boxes({ at }: Layout, run: Run, width: number): Box[] {
  const rows = 1 + Math.max(...Object.values(at).map(([, row]) => row))
  const pitch = (HEIGHT - TOP - BOX - GRAD - 3) / (rows - 1)
  const wide = Math.min(WIDEST, width / 2 - 6)
  return Object.entries(at).map(([name, [column, row]]) => ({
    name, x: column * width - wide / 2, y: TOP + row * pitch, width: wide, height: operation(run, name) ? BOX : BOX + GRAD,
  }))
}

/** One edge as a path from box to box, upright where it leaves, passes a row or arrives, and a place for its label. */
function way(places: readonly Box[], from: Box, to: Box, [leave, arrive, ...columns]: readonly number[], width: number, shift: number): { d: string; tip: Pair; label: Pair } {
  const start: Pair = [from.x + from.width * (0.5 + PORT * leave!), from.y + from.height]
  const tip: Pair = [to.x + to.width * (0.5 + PORT * arrive!), to.y]
  const tops = [...new Set(places.map(({ y }) => y))].filter(y => y > from.y && y < to.y).sort((a, b) => a - b)
  const passed = columns.map((column, i): Pair => [column * width, tops[i]!])
  const bend = ([x, y]: Pair, [p, q]: Pair) => `C${x},${(y + q) / 2} ${p},${(y + q) / 2} ${p},${q}`
  let [d, here] = [`M${start}`, start]
  for (const [x, y] of passed) {
    d += bend(here, [x, y]) + `V${y + BOX}`
    here = [x, y + BOX]
  }
  const [x, y] = passed[0] ?? [start[0] + (tip[0] - start[0]) * smooth(shift), start[1] + (tip[1] - start[1]) * shift - BOX / 2]
  return { d: d + bend(here, [tip[0], tip[1] - 7]) + `V${tip[1] - 5}`, tip, label: [x, y + BOX / 2 + 4] }
}

/** How far across the curve is where it is `t` of the way down. */
const smooth = (t: number) => t * t * (3 - 2 * t)

/** Everything, as it is in `scene` with `step` the latest. */
export function drawGraph(on: Plot, layout: Layout, run: Run, scene: Scene, step: Step, noGrad: string): void {
  const places = boxes(layout, run, on.width)
  const place = (name: string) => places.find(box => box.name === name)!

  const ways = run.operations.flatMap(node => node.inputs.map((input, i) => ({ node, input, key: node.name + i })))
  // Neighbours in one gap have their labels at different heights.
  const middle = ({ node, input }: (typeof ways)[number]) => place(node.name).x + place(input.of).x
  const beside = (one: (typeof ways)[number]) => ways.filter(({ node }) => place(node.name).y === place(one.node.name).y).sort((a, b) => middle(a) - middle(b))
  const edges = ways.map(one => {
    const { node, input, key } = one
    const cut = input.next === undefined
    const now = step.kind === "edge" && edge(step) === key
    const sent = scene.sent.has(key)
    const shift = input.of === node.inputs[1 - node.inputs.indexOf(input)]?.of ? 0.5 : beside(one).indexOf(one) % 2 ? 0.66 : 0.36
    const classes = now ? "c1 line now" : sent ? "c0 line" : cut ? "c5 thin dashed" : "c5 thin"
    return {
      key, cut, classes: scene.born.has(node.name) ? classes : "c5 thin faint dashed",
      ...way(places, place(node.name), place(input.of), layout.ways[key]!, on.width, shift),
      text: sent ? input.sent! : cut && node.fn && operation(run, input.of)?.fn && scene.born.has(node.name) ? "detach()" : "",
    }
  })
  const f = place("f")
  const root: Pair = [f.x + f.width / 2, f.y]
  const seed = scene.called && operation(run, "f")!.fn
  if (seed) {
    const classes = step.kind === "call" ? "c1 line now" : "c0 line"
    edges.push({ key: "seed", cut: false, classes, d: `M${root[0]},5V${root[1] - 5}`, tip: root, label: [root[0] + 16, 22], text: operation(run, "f")!.got! })
  }

  const join = <D>(layer: string, tag: string, data: readonly D[], key: (one: D) => string) =>
    on.layer(layer).selectAll<SVGElement, D>(tag).data(data, key).join(enter => enter.append<SVGElement>(tag)).attr("data-key", key)
  join("edges", "path", edges, ({ key }) => key).attr("class", ({ classes }) => classes).attr("d", ({ d }) => d)
  join("heads", "path", edges.filter(({ cut }) => !cut), ({ key }) => key)
    .attr("class", ({ classes }) => `${classes} head`)
    .attr("d", ({ tip: [x, y] }) => `M${x},${y - 1}l-4.5,-8h9z`)

  const nodes = places.map(box => {
    const node = operation(run, box.name)
    const value = (node ?? run.leaves.find(({ name }) => name === box.name)!).value
    const there = !node || scene.born.has(box.name)
    const now = step.at === box.name
    const colour = !node ? "c2" : there && node.fn ? "c0" : "c5"
    return {
      ...box, node, value: there ? value : "",
      title: node ? (node.fn ?? noGrad) : "AccumulateGrad",
      classes: `${now ? (step.kind === "error" ? "c3 now" : "c1 now") : colour} line ${there ? (node && !node.fn ? "dashed" : "") : "faint dashed"}`,
      text: there ? "" : "absent",
    }
  })
  const middleOf = (box: Box) => box.x + box.width / 2
  join("boxes", "rect", nodes, ({ name }) => name)
    .attr("class", ({ classes }) => classes).attr("rx", 7)
    .attr("x", ({ x }) => x).attr("y", ({ y }) => y).attr("width", ({ width }) => width).attr("height", ({ height }) => height)
  join("titles", "text", nodes, ({ name }) => name)
    .attr("class", ({ text }) => text).attr("text-anchor", "middle")
    .attr("x", middleOf).attr("y", ({ y }) => y + 19)
    .selectAll("tspan").data(({ name, title }) => [name, ` ${title}`]).join("tspan")
    .attr("class", (_, i) => (i ? "" : "bold")).text(text => text)
  join("values", "text", nodes, ({ name }) => name).attr("text-anchor", "middle").attr("x", middleOf).attr("y", ({ y }) => y + 36).text(({ value }) => value)

  // A leaf's .grad has a part of its own.
  const leaves = nodes.filter(({ node }) => !node)
  join("rules", "path", leaves, ({ name }) => name).attr("class", "c2 thin").attr("d", ({ x, y, width }) => `M${x},${y + BOX}h${width}`)
  join("grad names", "text", leaves, ({ name }) => name).attr("text-anchor", "middle").attr("class", "quiet").attr("x", middleOf).attr("y", ({ y }) => y + BOX + 15).text(({ name }) => `${name}.grad`)
  join("grads", "text", leaves, ({ name }) => name).attr("text-anchor", "middle").attr("x", middleOf).attr("y", ({ y }) => y + BOX + 31)
    .attr("class", ({ name }) => (step.kind === "leaf" && step.at === name ? "bold c1" : scene.grads.get(name) === "None" ? "" : "bold"))
    .text(({ name }) => scene.grads.get(name)!)

  // What a node saved, as pins: full while it is kept, hollow when it has been let go.
  const pins = nodes.flatMap(({ node, x, y, width, name }) =>
    Array.from({ length: (node && scene.born.has(name) && node.held) || 0 }, (_, i) => ({ key: name + i, at: [x + width - 11 - 10 * i, y] as Pair, freed: scene.freed.has(name) })))
  join("pins", "circle", pins, ({ key }) => key).attr("class", ({ freed }) => `c4 pin ${freed ? "freed" : ""}`)
    .attr("cx", ({ at }) => at[0]).attr("cy", ({ at }) => at[1]).attr("r", 3.6)

  // A label hides the line behind it, also where the label has a space.
  const labels = edges.filter(({ text }) => text).map(({ key, cut, classes, text, label: [x, y] }) => {
    const half = 3.8 * text.length
    return { key, classes: `label ${cut ? "ink" : classes.split(" ")[0]!}`, text, half, x: key === "seed" ? x + half : within(x, half - 2, on.width), y }
  })
  join("grounds", "rect", labels, ({ key }) => key).attr("class", "ground")
    .attr("x", ({ x, half }) => x - half).attr("y", ({ y }) => y - 12).attr("width", ({ half }) => 2 * half).attr("height", 16)
  join("labels", "text", labels, ({ key }) => key).attr("class", ({ classes }) => classes).attr("text-anchor", "middle")
    .attr("x", ({ x }) => x).attr("y", ({ y }) => y).text(({ text }) => text)
}

/** `x`, moved as little as is needed to stay so far from both sides. */
const within = (x: number, half: number, width: number) => Math.max(half, Math.min(width - half, x))

/** A formula in the small notation of lines.ts: ∂a/∂b as a fraction, single letters in italics, a_i with an index. */
export function formula(text: string): DocumentFragment {
  const whole = document.createDocumentFragment()
  for (const part of text.split(/(∂[a-z](?:_i)?\/∂[a-z](?:_i)?)/)) {
    if (!part.startsWith("∂")) {
      whole.append(letters(part))
      continue
    }
    const fraction = make("span", "fraction")
    const [over, under] = part.split("/").map(half => {
      const made = make("span", "")
      made.append("∂", letters(half.slice(1)))
      return made
    })
    fraction.append(over!, make("span", "slash", "/"), under!)
    whole.append(fraction)
  }
  return whole
}

function letters(text: string): DocumentFragment {
  const whole = document.createDocumentFragment()
  for (const part of text.split(/(\b[a-z](?:_i)?(?![\w.]))/)) {
    const [letter, index] = part.split("_")
    if (!/^[a-z](_i)?$/.test(part)) whole.append(part)
    else {
      whole.append(make("i", "", letter))
      if (index) whole.append(make("sub", "", index))
    }
  }
  return whole
}
