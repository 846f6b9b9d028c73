/* The graph, forward and backward: what PyTorch recorded of a small expression (explorables/graph/data.py), stepped
   through: values and Functions one by one, then the gradient of every edge, then .grad, and all that once more. */

import "./graph/style.css"
import { boxes, drawGraph, formula, HEIGHT } from "./graph/drawing.ts"
import { edgeLines, leafLines, twins } from "./graph/lines.ts"
import { messages } from "./graph/messages.ts"
import { carried, operation, scene, shares, steps, tracked, type Phase, type Recorded, type Run, type Scene, type Step } from "./graph/record.ts"
import table from "./graph/state.json"
import { memory, put, write } from "./shared/change.ts"
import { button, choice, make, player } from "./shared/controls.ts"
import { mount } from "./shared/mount.ts"
import { plot } from "./shared/scene.ts"
import type { State } from "./shared/state.ts"

const FORMULAS = { product: "w x + x", shared: "(w x + x) ⋅ w x", chain: "exp(sin x²)", vector: "Σ (wᵢxᵢ + sin xᵢ)" }
type What = State<typeof table>

mount("graph", table, messages, it => {
  const { words } = it
  const { runs, layouts, errors } = it.data as Recorded<What["f"], What["cut"]>

  // What the state means. `step` is the one that is told of: the one pointed at, or the latest.
  let run: Run
  let list: readonly Step[]
  let k = 0
  let step: Step
  let now: Scene
  const upTo = (k: number) => scene(run, it.state.again, list.slice(0, k + 1))
  const listOf = ({ f, cut, again }: What) => steps(runs[f][cut], again)
  it.draws(() => {
    const { f, cut } = it.state
    run = runs[f][cut]
    list = listOf(it.state)
    k = Math.min(it.state.k, list.length - 1)
    step = list[Math.min(it.lit ?? k, list.length - 1)]!
    now = upTo(k)
  })
  const index = () => list.indexOf(step)
  /** Names the run; which step of it is looked at is not among it. */
  const which = () => [it.state.f, it.state.cut, it.state.again]

  // The graph, and a button on every box
  const graph = plot(it, { name: words.graph, height: () => HEIGHT, ticks: [0, 0], margin: { top: 0, right: 0, bottom: 0, left: 0 } })
  /** The steps of a node in the phase that is shown; where it has none, the one in which it was made. */
  const stepsOf = (name: string) => {
    const all = list.flatMap(({ at }, i) => (at === name ? i : []))
    const here = all.filter(i => list[i]!.phase === list[k]!.phase)
    return here.length ? here : all.length ? all.slice(0, 1) : [0]
  }
  const next = (name: string) => {
    const mine = stepsOf(name)
    return mine[(mine.indexOf(k) + 1) % mine.length]!
  }
  const nodes = ["f", "s", "v", "u", "w", "x"].map(name => {
    const made = button("", "node c1", () => it.set({ k: next(name) }))
    for (const [enter, leave] of [["pointerenter", "pointerleave"], ["focus", "blur"]] as const) {
      made.addEventListener(enter, () => it.light(made.matches(":hover, :focus-visible") ? stepsOf(name)[0]! : null))
      made.addEventListener(leave, () => it.light(null))
    }
    made.addEventListener("click", () => it.light(null))
    graph.root.append(made)
    return { name, made }
  })
  it.draws(() => {
    graph.frame([0, 1], [0, 1])
    drawGraph(graph, layouts[it.state.f], run, now, step, "grad_fn None")
    const places = boxes(layouts[it.state.f], run, graph.width)
    for (const { name, made } of nodes) {
      const box = places.find(place => place.name === name)
      made.toggleAttribute("hidden", !box)
      if (!box) continue
      Object.assign(made.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` })
      const node = operation(run, name)
      const leaf = run.leaves.find(leaf => leaf.name === name)
      const value = leaf ? `${leaf.value}, .grad ${now.grads.get(name)!}` : now.born.has(name) ? node!.value : ""
      put(made, { "aria-label": words.node(name, leaf ? "AccumulateGrad" : (node!.fn ?? "grad_fn None"), value) })
    }
  })
  it.hint(nodes[0]!.made, words.hint)

  // The code, and which line of it runs
  const code = make("ol", "code")
  const kept = memory()
  /** Its rows, put on the page, and from which step to which each of them runs. */
  const linesOf = () => {
    const phases = [...new Set(list.map(({ phase }) => phase))]
    const lines = phases.flatMap(phase => {
      const call = phase === "first" && it.state.again === "retain" ? "f.backward(retain_graph=True)" : "f.backward()"
      const texts = phase === "forward" || phase === "anew" ? run.operations.map(({ name, code }) => ({ name, code })) : [{ name: null, code: call }]
      return texts.map(({ name, code }) => {
        const mine = list.flatMap((one, i) => (one.phase === phase && one.kind !== "start" && (name === null || one.at === name) ? i : []))
        const row = make("li", "")
        row.append(make("code", "", code))
        return { row, from: mine[0]!, to: mine.at(-1)! }
      })
    })
    code.replaceChildren(...lines.map(({ row }) => row))
    return lines
  }
  it.follows(() => {
    const at = index()
    for (const { row, from, to } of kept("code", which(), linesOf)) {
      const here = from <= at && at <= to
      put(row, { class: here ? "here" : from <= k ? "done" : "", "aria-current": here ? "step" : null })
    }
  })

  // One step: what it concerns, and four lines
  const heading = make("strong", "")
  const rows = make("div", "facts")
  const card = make("div", "card")
  const told = make("p", "told")
  card.append(heading, rows)
  const fn = (name: string) => operation(run, name)?.fn ?? "None"
  const into = (name: string) => (operation(run, name) ? fn(name) : "AccumulateGrad")
  it.follows(() => {
    write(heading, title())
    const math = step.kind === "edge" || step.kind === "leaf" || step.kind === "call"
    rows.replaceChildren(...facts().flatMap(([name, text]) => {
      const value = make("span", math ? "formula" : "")
      if (math) value.append(formula(text))
      else value.append(make("code", "", text))
      return [make("span", "what", name), value]
    }))
    write(told, story())
  })
  const title = () => {
    const { kind, at, input } = step
    if (kind === "start") return words.start
    if (kind === "operation") return `${at} · ${fn(at)}`
    if (kind === "call") return "f.backward()"
    if (kind === "edge") return `${fn(at)} → ${operation(run, at)!.inputs[input]!.of}`
    return kind === "leaf" ? `AccumulateGrad · ${at}` : "RuntimeError"
  }
  const facts = (): [string, string][] => {
    const { kind, at } = step
    const numbered = (lines: readonly string[]) => lines.map((line, i): [string, string] => [words.lines[i]!, line])
    if (kind === "start") return run.leaves.map(({ name, value }) => [words.rows.leaf, `${name} = ${value}`])
    if (kind === "edge") return numbered(edgeLines(run, step))
    if (kind === "leaf") return numbered(leafLines(run, step, upTo(index() - 1), upTo(index())))
    if (kind === "call") return [[words.lines[0]!, "∂f/∂f"], [words.lines[3]!, `= ${operation(run, "f")!.got!}`]]
    if (kind === "error") return [[words.rows.message, tracked(run) ? errors.twice : errors.none]]
    const node = operation(run, at)!
    const saved = Object.entries(node.saved ?? {}).map(([key, value]) => `${key} = ${value}`).join("\n")
    const edges = node.inputs.map(({ of, next }) => (next === undefined ? "(None, 0)" : `(${into(of)}, ${next})`)).join("\n")
    return [
      [words.rows.code, node.code], [words.rows.value, node.value], ["grad_fn", fn(at)],
      ...(node.fn ? [[words.rows.saved, saved || words.rows.nothing], ["next_functions", edges]] as [string, string][] : []),
    ]
  }
  const story = (): string => {
    const { kind, at, input } = step
    const says = words.told
    const space = it.language === "zh" ? "" : " "
    if (kind === "start") return says.start
    if (kind === "operation") return operation(run, at)!.fn ? says.made(at, fn(at)) : says.unmade(at)
    if (kind === "call") return says.call(fn("f"))
    if (kind === "error") return tracked(run) ? says.twice(fn(at)) : says.none
    if (kind === "leaf") return says.leaf(at, shares(run, at).length, upTo(index() - 1).grads.get(at)!)
    const node = operation(run, at)!
    const parts = shares(run, at)
    const { of } = node.inputs[input]!
    const arrived = upTo(index()).sent
    const pending = run.operations.some(one => one.inputs.some((other, i) => other.of === of && other.sent !== undefined && !arrived.has(one.name + i)))
    return [
      ...(parts.length > 1 ? [says.gathered(at, parts.join(" + "), node.got!)] : []),
      says.rules[node.fn!]!,
      ...(twins(node.inputs) ? [says.twins(node.code)] : []),
      ...(facts().some(([, line]) => line.includes("⊙")) ? [says.elementwise] : []),
      ...(pending ? [says.waits(of)] : []),
    ].join(space)
  }

  // What comes of it all
  const verdict = make("div", "verdict")
  it.follows(() => kept("outcome", which(), () => verdict.replaceChildren(...outcome().map(([text, classes]) => make("p", classes, text)))))
  const outcome = (): [string, string][] => {
    const { cut, again } = it.state
    const second = (grad: string) => (again === "neither" && run.stops ? words.raises : grad)
    const grads = run.leaves.map(({ name, grads }) => words.grads(name, ["None", ...(tracked(run) ? [grads[0], second(grads[1])] : [words.raises])]))
    const ends = run.operations.flatMap(one => one.inputs.map(({ of, next }) => ({ one, of, away: one.fn !== undefined && next === undefined })))
    const away = ends.find(({ away }) => away)
    const why = cut === "detach" ? words.cutTold.detach(away!.one.fn!, away!.of)
      : cut === "no_grad" ? words.cutTold.noGrad(run.operations.find(({ fn }) => fn === undefined)!.name) : ""
    const lost = run.leaves.find(({ grads }) => grads[0] === "None")
    const unreached = lost && tracked(run) ? words.unreached(lost.name) : ""
    return [...grads.map((text): [string, string] => [text, "grads"]), [[why, unreached].filter(Boolean).join(it.language === "zh" ? "" : " "), ""]]
  }

  // The ends of the passes, as places to go to
  const phases = make("div", "phases")
  const names = Object.keys(words.phases) as Phase[]
  const jumps = names.map(phase => ({ phase, made: button(words.phases[phase], "", () => it.set({ k: ending(phase) })) }))
  const ending = (phase: Phase) => list.findLastIndex(one => one.phase === phase)
  phases.append(...jumps.map(({ made }) => made))
  it.draws(() => {
    for (const { phase, made } of jumps) {
      made.toggleAttribute("hidden", ending(phase) < 0)
      made.classList.toggle("here", k === ending(phase))
    }
  })

  // The page
  const over = make("div", "over")
  const cut = choice(it, { key: "cut", label: words.cut, options: words.cuts })
  const again = choice(it, { key: "again", label: words.again, options: words.agains })
  for (const one of [cut, again]) one.classList.add("code-like")
  over.append(choice(it, { key: "f", label: words.f, options: FORMULAS, names: words.expressions }), cut, again)
  const [views, left, aside] = [make("div", "views"), make("div", ""), make("div", "aside")]
  left.append(graph.root, player(it, { key: "k", last: () => list.length - 1, reset: () => it.set({ k: 0 }) }), phases)
  aside.append(code, card, told)
  views.append(left, aside)
  it.stage.append(over, views, verdict)

  return {
    sentence: () => `${title()}: ${facts().map(([name, text]) => `${name} ${text}`).join(words.between)}${words.between}${story()}`,
    adapt(next, change, before) {
      const list = listOf(next)
      const last = list.length - 1
      if (change.k !== undefined || (["f", "cut", "again"] as const).every(key => next[key] === before[key])) return { ...next, k: Math.min(next.k, last) }
      const old = listOf(before)
      return { ...next, k: carried(old, Math.min(before.k, old.length - 1), list) }
    },
  }
})
