/* What is drawn: a plot (axes, clipped layers, hit boxes above), lines, dots, rings, arrows, contours, handles.
   Everything takes data coordinates; CSS classes give the looks (explorables.css): a colour c0 ... c5, and a manner
   (line, thin, dashed, faint, ring, lit).

     const main = plot(it, { name: words.curve, height: width => width * 0.6, x: "x", y: "f(x)" })
     it.stage.append(main.root)
     main.draws(() => {
       main.frame([-6, 6], [0, 36])                      // the domains; axes are drawn anew only when these change
       line(main, "back", "curve", points, "c5 line")    // layer, key within it, points, classes
       dots(main, "front", "walk", points, "c0", 3)
     })
     handle(main, { name: words.start, axis: "x", at: () => [x, f(x)], move: ([x]) => it.set({ x }), text: () => "x = 5" })

   A layer is made when it is first named and lies above those named before. A key names one drawing within its layer;
   drawing it again replaces it, `[]` empties it. Colours mean the same in every picture: c0 the path of gradient
   descent, c1 the point, the step and whatever the reader holds, c2 the optimum, c3 divergence, c4 another method,
   c5 contours and guides.

   Why no d3-drag: it prevents the default of every touchmove, so a swipe that begins on a handle could not scroll the
   page. Pointer events leave that to `touch-action`, which the HTML hit boxes obey also where Safari's SVG does not. */

import { contours as isolines } from "d3-contour"
import { select, selection, type Selection } from "d3-selection"

import { axis } from "./axes.ts"
import { memory, put, write, type Again } from "./change.ts"
import type { Interval, Pair } from "./functions.ts"
import { inBox, place } from "./geometry.ts"
import { common } from "./messages.ts"
import type { Explorable } from "./mount.ts"
import { linear, logarithmic, type Scale } from "./scales.ts"

type Layer = Selection<SVGGElement, unknown, null, undefined>

export interface Plot {
  readonly it: Pick<Explorable, "draws" | "follows" | "redraw" | "hold" | "light" | "language">
  /** Put this into the stage. */
  readonly root: HTMLElement
  /** Put here what lies above the picture and moves with it. */
  readonly handles: HTMLElement
  /** In px, the margins included. */
  readonly width: number
  readonly height: number
  readonly margin: Margin
  readonly x: Scale
  readonly y: Scale
  /** Register a function that draws this plot. It rests while the plot is further away than half a window. */
  draws(draw: () => void): void
  /** The same for what stands beside what the reader moves; it may come later. */
  follows(draw: () => void): void
  /** Set the domains and draw the axes. */
  frame(x: Interval, y: Interval): void
  /** The `<g>` of this name, clipped to the plot. */
  layer(name: string): Layer
  /** The `count` elements of this key in a layer. */
  marks<Tag extends keyof SVGElementTagNameMap>(layer: string, tag: Tag, key: string, count: number): readonly SVGElementTagNameMap[Tag][]
  /** What was made for this plot, as long as its frame is the same, and what else it hangs on. */
  readonly again: Again
  /** Data to px; what is far outside stays finite. */
  px(point: Pair): [number, number]
}

export interface Margin { top: number; right: number; bottom: number; left: number }

export interface PlotOptions {
  /** What the picture is, for those who do not see it. */
  name: string
  height: (width: number) => number
  /** The names of the axes, in mathematics. */
  x?: string
  y?: string
  /** Which axes are logarithmic. */
  log?: "y" | "xy"
  /** About how many ticks; [0, 0] draws no axes. */
  ticks?: [number, number]
  margin?: Partial<Margin>
  /** It stands beside what the reader moves, and follows. */
  follows?: boolean
}

export function plot(it: Plot["it"], options: PlotOptions): Plot {
  const root = document.createElement("div")
  root.className = "plot"
  const svg = select(root).append("svg").attr("role", "img").attr("aria-label", options.name)
  // Where the bounds of all that is drawn change, a browser puts the whole page together anew. On grounds they stay, for the
  // axes, for what is clipped, and for the handles, which are moved by left and top: a transform has bounds of its own.
  const outer = unseen(svg)
  const clip = `clip-${(clips += 1)}`
  const hole = svg.append("clipPath").attr("id", clip).append("rect")
  const [xTicks, yTicks] = options.ticks ?? [5, 4]
  const x = options.log === "xy" ? logarithmic() : linear()
  const y = options.log ? logarithmic() : linear()
  const axes = xTicks || yTicks
    ? { x: axis(svg, "below", x, xTicks), y: axis(svg, "left", y, yTicks) }
    : null
  const xName = svg.append("text").attr("class", "axis-name").attr("text-anchor", "end").text(options.x ?? "")
  const yName = svg.append("text").attr("class", "axis-name").text(options.y ?? "")
  const clipped = svg.append("g").attr("clip-path", `url(#${clip})`)
  const ground = unseen(clipped)
  const handles = document.createElement("div")
  handles.className = "handles"
  root.append(handles)
  const layers = new Map<string, Layer>()
  const marks = new Map<string, SVGElement[]>() // found again in each frame, for which a search would take too long
  const margin: Margin = {
    ...(axes ? { top: 22, right: 10, bottom: 26, left: 36 } : { top: 4, right: 4, bottom: 4, left: 4 }),
    ...options.margin,
  }
  let width = 0
  let height = 0
  const made = memory()

  new ResizeObserver(() => {
    if (root.clientWidth === width || root.clientWidth === 0) return
    measure()
    it.redraw()
  }).observe(root)

  function measure() {
    width = root.clientWidth
    height = Math.round(options.height(width))
    svg.attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`)
    outer.attr("x", -BEYOND).attr("y", -BEYOND).attr("width", width + 2 * BEYOND).attr("height", height + 2 * BEYOND)
    const right = width - margin.right
    const bottom = height - margin.bottom
    handles.style.width = `${right + REACH}px`
    handles.style.height = `${height}px`
    x.range([margin.left, right])
    y.range([bottom, margin.top])
    hole.attr("x", margin.left).attr("y", margin.top)
      .attr("width", Math.max(0, right - margin.left)).attr("height", Math.max(0, bottom - margin.top))
    ground.attr("x", -4 * width).attr("y", -4 * height).attr("width", 9 * width).attr("height", 9 * height)
    xName.attr("x", right).attr("y", bottom - 6)
    yName.attr("x", margin.left + 6).attr("y", margin.top - 8)
  }

  let seen = true
  new IntersectionObserver(entries => {
    seen = entries.at(-1)!.isIntersecting
    it.redraw()
  }, { rootMargin: "50%" }).observe(root)

  const it_: Plot = {
    it, root, handles, margin, x, y,
    again: (name, hangsOn, make) => made(name, [width, height, ...x.domain(), ...y.domain(), ...hangsOn], make),
    draws: draw => it[options.follows ? "follows" : "draws"](() => seen && draw()),
    follows: draw => it.follows(() => seen && draw()),
    get width() { return width },
    get height() { return height },
    frame(xDomain, yDomain) {
      if (!width) measure()
      x.domain(xDomain)
      y.domain(yDomain)
      it_.again("axes", [], () => {
        axes?.x(height - margin.bottom)
        axes?.y(margin.left)
      })
    },
    layer(name) {
      const found = layers.get(name) ?? clipped.append("g").attr("class", `layer-${name}`)
      layers.set(name, found)
      return found
    },
    marks<Tag extends keyof SVGElementTagNameMap>(layer: string, tag: Tag, key: string, count: number) {
      const name = `${layer} ${tag} ${key}`
      const found = marks.get(name) ?? []
      marks.set(name, found)
      while (found.length < count) found.push(it_.layer(layer).append<SVGElement>(tag).attr("data-key", key).node()!)
      while (found.length > count) found.pop()!.remove()
      return found as unknown as SVGElementTagNameMap[Tag][]
    },
    px: ([px, py]) => [bounded(x(px), width), bounded(y(py), height)],
  }
  return it_
}

// So that d3's selections too change an attribute or a text only where it differs, and a text keeps its node.
const { attr } = selection.prototype
selection.prototype.attr = function (this: Selection<Element, unknown, Element, unknown>, name: string, ...[value]: [unknown?]) {
  if (value === undefined) return attr.call(this, name)
  return this.each(function (...of) {
    put(this, { [name]: typeof value === "function" ? value.apply(this, of) : value })
  })
} as typeof attr
selection.prototype.text = function (this: Selection<Element, unknown, Element, unknown>, text: string | ((...of: unknown[]) => string)) {
  return this.each(function (...of) { write(this, typeof text === "string" ? text : text.apply(this, of)) })
}

/** A ground that is there for its bounds. */
const unseen = <E extends SVGElement>(on: Selection<E, unknown, null, undefined>) =>
  on.append("rect").attr("style", "fill: none; stroke: none; pointer-events: none")

/** How far over the border, in px, the text of a tick may reach, and a handle. */
const BEYOND = 12
const REACH = 22

let clips = 0 // ids are the page's, so this counter is too

/** SVG gives up on huge coordinates; three sizes outside is as invisible as infinitely far. */
const bounded = (px: number, size: number) => Math.max(-3 * size, Math.min(4 * size, Number.isNaN(px) ? 4 * size : px))

/** Straight from point to point. (All that d3-shape would do here, in a line instead of four kilobytes.) */
export const through = (px: readonly Pair[]) => "M" + px.map(place).join("L")

/** One path through the points. */
export function line(plot: Plot, layer: string, key: string, points: readonly Pair[], classes: string): void {
  for (const mark of plot.marks(layer, "path", key, points.length > 1 ? 1 : 0)) {
    put(mark, { class: classes, d: through(points.map(plot.px)) })
  }
}

/** A spot at each point in the picture, `radius` in px: one path, for hundreds of circles cost more than a frame may. */
export function spots(plot: Plot, layer: string, key: string, points: readonly Pair[], classes: string, radius: number): void {
  const seen = inside(plot)
  const places = new Set<string>()
  for (const point of points) if (seen(point)) places.add(place(plot.px(point)))
  for (const mark of plot.marks(layer, "path", `${key}-spots`, places.size ? 1 : 0)) {
    put(mark, { class: classes, d: [...places].map(place => `M${place}h0`).join(""), "stroke-width": 2 * radius })
  }
}

/** Whether a point lies in the frame of a plot. */
export function inside({ x, y }: Plot): (point: Pair) => boolean {
  const [[left, right], [bottom, top]] = [x.domain(), y.domain()]
  const [low, high]: [Pair, Pair] = [[left, bottom], [right, top]]
  return point => inBox(point, low, high)
}

/** A circle at each point, `radius` in px. */
export function dots(plot: Plot, layer: string, key: string, points: readonly Pair[], classes: string, radius: number): void {
  plot.marks(layer, "circle", key, points.length).forEach((mark, i) => {
    const [cx, cy] = plot.px(points[i]!)
    put(mark, { class: classes, r: radius, cx, cy })
  })
}

/** From one point to another, with a head; nothing where they are less than 2 px apart. */
export function arrow(plot: Plot, layer: string, key: string, from: Pair, to: Pair, classes: string): void {
  const [a, b] = [plot.px(from), plot.px(to)]
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  const head = Math.min(8, length / 2)
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
  const wing = (side: number) => `${b[0] - head * (ux - side * 0.5 * uy)},${b[1] - head * (uy + side * 0.5 * ux)}`
  for (const mark of plot.marks(layer, "path", key, length > 2 ? 1 : 0)) {
    put(mark, { class: classes, d: `M${a}L${b}M${wing(1)}L${b}L${wing(-1)}` })
  }
}

/** A short label, moved by `dx`, `dy` px from its point. */
export function label(
  plot: Plot, layer: string, key: string, at: Pair | null, text: string, classes: string, dx = 0, dy = 0, anchor = "start",
): void {
  for (const mark of plot.marks(layer, "text", key, at ? 1 : 0)) {
    const [x, y] = plot.px(at!)
    put(mark, { class: `label ${classes}`, "text-anchor": anchor, x: x + dx, y: y + dy })
    write(mark, text)
  }
}

/** The lines where f has the values `levels`, over the domain of the plot. f is asked anew only when `key`, which must
    name the function with its parameters, or the plot's frame has changed. */
export function contours(
  plot: Plot, layer: string, key: string, f: (x: Pair) => number, levels: readonly number[], classes: string, cells = 80,
): void {
  const { margin, width, height, again } = plot
  again(`lines of ${layer}`, [key, "at", ...levels], () => {
    const [w, h] = [width - margin.left - margin.right, height - margin.top - margin.bottom]
    const size = Math.max(w, h) / cells
    // Two cells more on each side: d3 closes its lines along the border of the grid, which must lie outside.
    const [columns, rows] = [Math.ceil(w / size) + 4, Math.ceil(h / size) + 4]
    const left = margin.left - 2 * size
    const top = margin.top - 2 * size
    const middles = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + (i + 0.5) * size)
    const values = levels.length === 0 ? [] : again(`values of ${layer}`, [key], () => {
      const xs = middles(left, columns).map(plot.x.invert)
      return middles(top, rows).map(plot.y.invert).flatMap(y => xs.map(x => f([x, y])))
    })
    const shapes = isolines().size([columns, rows]).thresholds([...levels])(values)
    const ring = (points: number[][]) => through(points.map(([x, y]) => [left + x! * size, top + y! * size])) + "Z"
    plot.layer(layer).selectAll("path").data(shapes).join("path")
      .attr("class", classes).attr("d", shape => shape.coordinates.flat().map(ring).join(""))
  })
}

/** The step nearest to the pointer is lit in every view, while it is within 30 px. */
export function lights(plot: Plot, points: () => readonly Pair[]): void {
  plot.root.addEventListener("pointermove", event => {
    const box = plot.root.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    let [best, distance] = [null as number | null, 30]
    points().forEach((point, k) => {
      const [px, py] = plot.px(point)
      const d = Math.hypot(px - x, py - y)
      if (d < distance) [best, distance] = [k, d]
    })
    plot.it.light(best)
  })
  plot.root.addEventListener("pointerleave", () => plot.it.light(null))
}

export interface HandleOptions {
  /** What it is, for those who do not see it. */
  name: string
  /** What it can do: move along x, or along both. */
  axis: "x" | "both"
  at: () => Pair
  /** The pointer or the keys ask for this point; constrain it and `it.set`. */
  move: (to: Pair) => void
  /** Which of both its value is, 0 by default. */
  value?: 0 | 1
  /** The value in words, for those who do not see it. */
  text: () => string
  classes?: string
}

/** A point that can be moved with mouse, finger, pen and keys: an HTML hit box of 44 px above the picture.
    Arrows move it by 1/50 of the span, with Shift five times as far, with Alt a quarter; Home and End go to the ends. */
export function handle(plot: Plot, options: HandleOptions): HTMLElement {
  const { axis, at, move, text, value = 0 } = options
  const box = document.createElement("div")
  box.className = `handle ${axis} ${options.classes ?? "c1"}`
  box.tabIndex = 0
  box.setAttribute("role", "slider")
  box.setAttribute("aria-label", options.name)
  box.setAttribute("aria-roledescription", common[plot.it.language].point)
  plot.handles.append(box)

  const held = ([x, y]: Pair): Pair => {
    const [[x0, x1], [y0, y1]] = [plot.x.domain(), plot.y.domain()]
    return [Math.min(x1, Math.max(x0, x)), Math.min(y1, Math.max(y0, y))]
  }
  gesture(box, plot.it, {
    begin: event => {
      const [px, py] = plot.px(at())
      const [dx, dy] = [px - event.clientX, py - event.clientY]
      return event => move(held([plot.x.invert(event.clientX + dx), plot.y.invert(event.clientY + dy)]))
    },
    key: event => {
      const [[x0, x1], [y0, y1]] = [plot.x.domain(), plot.y.domain()]
      const [x, y] = at()
      if (axis === "x" && (event.key === "Home" || event.key === "End")) return () => move([event.key === "Home" ? x0 : x1, y])
      const [right, up] = direction(event)
      if (axis === "x") return right + up ? () => move(held([x + (right + up) * (x1 - x0), y])) : null
      return right || up ? () => move(held([x + right * (x1 - x0), y + up * (y1 - y0)])) : null
    },
  })
  plot.it.draws(() => {
    stand(box, plot.px(at()))
    const [low, high] = (value ? plot.y : plot.x).domain()
    put(box, { "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": at()[value], "aria-valuetext": text() })
  })
  return box
}

/** Bring a handle's middle to its place, in px. */
export function stand(box: HTMLElement, [px, py]: Pair): void {
  box.style.left = `${px}px`
  box.style.top = `${py}px`
}

/** What an arrow key asks for, as parts of the span: [to the right, up]; [0, 0] for any other key. */
export function direction(event: KeyboardEvent): [number, number] {
  const part = 1 / 50 * (event.shiftKey ? 5 : 1) / (event.altKey ? 4 : 1)
  const steps: Record<string, [number, number]> = {
    ArrowRight: [part, 0], ArrowLeft: [-part, 0], ArrowUp: [0, part], ArrowDown: [0, -part],
  }
  return steps[event.key] ?? [0, 0]
}

export interface Gesture {
  /** A pointer came down; returns what its moves do. */
  begin: (event: PointerEvent) => (event: PointerEvent) => void
  /** A key came down; returns what it does, or null if it means nothing here. */
  key: (event: KeyboardEvent) => (() => void) | null
}

/** The one handler for mouse, finger, pen and keys. */
export function gesture(box: HTMLElement, it: Pick<Explorable, "hold">, { begin, key }: Gesture): void {
  let moves: ((event: PointerEvent) => void) | null = null
  let release = () => {}
  box.addEventListener("pointerdown", event => {
    if (event.button !== 0 || moves) return
    box.focus({ preventScroll: true })
    box.setPointerCapture(event.pointerId)
    moves = begin(event)
    release = it.hold()
  })
  box.addEventListener("pointermove", event => moves?.(event))
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    box.addEventListener(end, () => {
      moves = null
      release()
    })
  }
  box.addEventListener("keydown", event => {
    const act = event.ctrlKey || event.metaKey ? null : key(event)
    if (!act) return
    event.preventDefault() // no scrolling, and Alt with an arrow is no "back"
    act()
  })
}
