"""What PyTorch does with four small expressions, each also with a `detach` or a `no_grad` in it: recorded from a real
run whenever the site is built, and laid out. Every text that looks like code here is code that ran."""

import ast
import itertools
import json

import torch

#: The leaves, and one operation a line; the last line makes f.
EXPRESSIONS = {
    "product": ({"w": 2.0, "x": 5.0}, ["u = w * x", "f = u + x"]),
    "shared": ({"w": 2.0, "x": 3.0}, ["u = w * x", "s = u + x", "f = s * u"]),
    "chain": ({"x": 1.7}, ["u = x * x", "v = u.sin()", "f = v.exp()"]),
    "vector": ({"w": [2.0, 3.0], "x": [0.5, 1.0]}, ["u = w * x", "v = x.sin()", "s = u + v", "f = s.sum()"]),
}
#: The line that `detach` changes and how it reads then; the line that `no_grad` wraps.
CUTS = {
    "product": (1, "f = u.detach() + x", 0),
    "shared": (2, "f = s * u.detach()", 0),
    "chain": (0, "u = x * x.detach()", 0),
    "vector": (2, "s = u + v.detach()", 1),
}
KINDS = ("none", "detach", "no_grad")
AGAIN = ("retain", "rebuild", "neither")


def program(name, cut):
    """The lines of an expression, with its cut if there is one."""
    lines = list(EXPRESSIONS[name][1])
    at, detached, wrapped = CUTS[name]
    if cut == "detach":
        lines[at] = detached
    if cut == "no_grad":
        lines[wrapped] = f"with torch.no_grad():\n    {lines[wrapped]}"
    return lines


def leaves(name):
    return {leaf: torch.tensor(value, requires_grad=True) for leaf, value in EXPRESSIONS[name][0].items()}


def forward(lines, inputs):
    """Run the lines; every tensor by its name, the leaves first."""
    tensors = dict(inputs)
    for line in lines:
        exec(line, {"torch": torch}, tensors)
    return tensors


def nodes_of(tensors):
    """The node of the graph in which each tensor's gradient arrives: its `grad_fn`, or a leaf's AccumulateGrad."""
    return {name: torch.autograd.graph.get_gradient_edge(t).node for name, t in tensors.items() if t.requires_grad}


def backward(tensors, nodes, **options):
    """Run ``f.backward(**options)`` and watch. What each node got and sent, in the order in which the engine ran them;
    the node that raised, and the error."""
    ran, begun, hooks = {}, [], []
    for name, node in nodes.items():
        hooks.append(node.register_prehook(lambda got, name=name: begun.append(name)))
        hooks.append(node.register_hook(lambda sent, got, name=name: ran.update({name: (got[0].clone(), [s if s is None else s.clone() for s in sent])})))
    error = None
    try:
        tensors["f"].backward(**options)
    except RuntimeError as raised:
        error = str(raised)
    for hook in hooks:
        hook.remove()
    return {"ran": ran, "stops": begun[-1] if begun and begun[-1] not in ran else None, "error": error}


def play(name, cut, again):
    """Forward, backward, and backward once more, as `again` says: over the retained graph, over a rebuilt one, or
    over the same one although nobody asked to retain it. Both backward passes and every ``.grad`` after them."""
    inputs = leaves(name)
    tensors = forward(program(name, cut), inputs)
    nodes = nodes_of(tensors)
    grads = lambda: {leaf: None if t.grad is None else t.grad.clone() for leaf, t in inputs.items()}
    passes = [backward(tensors, nodes, retain_graph=again == "retain") | {"grads": grads()}]
    if again == "rebuild":
        tensors = forward(program(name, cut), inputs)
        nodes = nodes_of(tensors)
    return passes + [backward(tensors, nodes) | {"grads": grads()}]


def locals_of(tensors, nodes):
    """The local derivatives of each Function: what it sends where 1 arrives."""
    made = {name: node(torch.ones_like(tensors[name])) for name, node in nodes.items() if not tensors[name].is_leaf}
    return {name: sent if isinstance(sent, tuple) else (sent,) for name, sent in made.items()}


def show(value):
    """As PyTorch prints it, without the word tensor."""
    return repr(value.detach())[len("tensor("):-1] if isinstance(value, torch.Tensor) else repr(value)


def arguments(line):
    """The names of the tensors that go into a line's operation, in its order, twice if twice."""
    value = ast.parse(line.split("\n    ")[-1]).body[0].value
    return [node.id for node in sorted((n for n in ast.walk(value) if isinstance(n, ast.Name)), key=lambda n: n.col_offset)]


def record(name, cut):
    """One expression with one cut: its forward pass, its backward passes, all as texts."""
    lines = program(name, cut)
    tensors = forward(lines, leaves(name))
    nodes = nodes_of(tensors)
    local = locals_of(tensors, nodes)
    played = {again: play(name, cut, again) for again in AGAIN}
    first = played["retain"][0]
    operations = []
    for line in lines:
        made = line.split("\n    ")[-1].split(" ")[0]
        node = nodes.get(made)
        operation = {"name": made, "code": line, "value": show(tensors[made])}
        inputs = [{"of": of} for of in arguments(line)]
        if node is not None:
            saved = {key: getattr(node, key) for key in dir(node) if key.startswith("_saved")}
            operation["fn"] = type(node).__name__
            operation["saved"] = {key: show(value) for key, value in saved.items()}
            operation["held"] = sum(isinstance(value, torch.Tensor) for value in saved.values())
            for i, (into, number) in enumerate(node.next_functions):
                if into is not None:
                    assert into is nodes[inputs[i]["of"]]
                    inputs[i] |= {"next": number, "local": show(local[made][i])}
            if made in first["ran"]:
                got, sent = first["ran"][made]
                operation["got"] = show(got)
                for entry, gradient in zip(inputs, sent, strict=True):
                    if gradient is not None:
                        entry["sent"] = show(gradient)
        operations.append(operation | {"inputs": inputs})
    ends = []
    for leaf in leaves(name):
        arrived = {"got": show(first["ran"][leaf][0])} if leaf in first["ran"] else {}
        ends.append({"name": leaf, "value": show(tensors[leaf]), **arrived, "grads": [show(p["grads"][leaf]) for p in played["retain"]]})
    run = {"operations": operations, "leaves": ends, "order": list(first["ran"]), "stops": played["neither"][1]["stops"]}
    check(played, first, run)
    errors = {"none": first["error"], "twice": played["neither"][1]["error"]}
    return run, {key: text.split(". ")[0] for key, text in errors.items() if text}


def check(played, first, run):
    """One record stands for all three plays, so they must agree; where one stops early, until there."""
    texts = lambda p: {name: (show(got), [show(s) for s in sent]) for name, (got, sent) in p["ran"].items()}
    grads = lambda p: {leaf: show(grad) for leaf, grad in p["grads"].items()}
    for again, (one, two) in played.items():
        assert texts(one) == texts(first) and list(one["ran"]) == run["order"] and grads(one) == grads(first)
        ran = run["order"][:run["order"].index(two["stops"])] if two["stops"] else run["order"]
        assert list(two["ran"]) == ran and all(texts(two)[name] == texts(first)[name] for name in ran)
        assert grads(two) == grads(first if two["stops"] else played["retain"][1])
        assert two["stops"] is None or again == "neither"


def layout(name):
    """Where everything stands, the same with every cut. Rows count from f downwards, columns are parts of the width.

    `at`: name to [column, row]. `ways`: "f1", the edge from f to its input 1, to the places along the borders of the
    two boxes where it leaves and arrives (-1 ... 1) and the columns in which it passes the rows between them.
    """
    given, lines = EXPRESSIONS[name]
    inputs = {line.split(" ")[0]: arguments(line) for line in lines}
    row = {"f": 0}
    for made in reversed(inputs):
        for of in inputs[made]:
            row[of] = max(row.get(of, 0), row[made] + 1)
    row |= dict.fromkeys(given, max(row.values()))
    # An edge that passes a row takes a seat in it, too.
    edges = {made + str(i): (made, of) for made, ofs in inputs.items() for i, of in enumerate(ofs)}
    chains = {key: [made, *((key, r) for r in range(row[made] + 1, row[of])), of] for key, (made, of) in edges.items()}
    rows = [[seat for seat in row if row[seat] == r] for r in range(max(row.values()) + 1)]
    for chain in chains.values():
        for seat in chain[1:-1]:
            rows[seat[1]].append(seat)
    level = {seat: r for r, seats in enumerate(rows) for seat in seats}
    ways = (columns(order) for order in itertools.product(*map(itertools.permutations, rows)))
    column = min(ways, key=lambda column: badness(column, chains, level))

    def ports(end, beside):
        """Each edge's place at the border of its first (0) or last (-1) box, from left to right as its neighbours stand."""
        place = {}
        for box in row:
            here = sorted((key for key, chain in chains.items() if chain[end] == box), key=lambda key: (column[chains[key][beside]], key))
            place |= {key: 0 if len(here) == 1 else round(2 * i / (len(here) - 1) - 1, 2) for i, key in enumerate(here)}
        return place

    leave, arrive = ports(0, 1), ports(-1, -2)
    return {
        "at": {box: [column[box], row[box]] for box in row},
        "ways": {key: [leave[key], arrive[key], *(column[seat] for seat in chain[1:-1])] for key, chain in chains.items()},
    }


def columns(rows):
    return {seat: round((i + 0.5) / len(seats), 3) for seats in rows for i, seat in enumerate(seats)}


def badness(column, chains, level):
    """Crossings count most, then how far the edges wander."""
    pieces = [piece for chain in chains.values() for piece in itertools.pairwise(chain)]
    crosses = lambda a, b, c, d: level[a] == level[c] and (column[a] - column[c]) * (column[b] - column[d]) < 0
    return sum(crosses(*one, *other) for one, other in itertools.combinations(pieces, 2)), sum(abs(column[a] - column[b]) for a, b in pieces)


def data():
    runs, errors = {}, {}
    for name in EXPRESSIONS:
        runs[name] = {}
        for cut in KINDS:
            runs[name][cut], told = record(name, cut)
            errors |= told
    return {"runs": runs, "layouts": {name: layout(name) for name in EXPRESSIONS}, "errors": errors}


if __name__ == "__main__":
    print(json.dumps(data()))
