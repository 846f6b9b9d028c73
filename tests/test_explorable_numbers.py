"""The numbers of the pictures are PyTorch's: functions.ts and descent.ts, bundled as for the site and run by Node,
beside autograd in float64. Where a gradient needs only + - x the bits are equal, whole divergent walks included."""

import json
import math
import subprocess
from pathlib import Path

import pytest
import torch

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO / "explorables" / "shared"
X, Y = [0.032, 0.034, 0.214, 0.263, 1.1, 2.0], [170.0, 290.0, -130.0, -70.0, 450.0, 1090.0]
PROGRAM = """
import * as F from "FOLDER/functions.ts"
import * as D from "FOLDER/descent.ts"
const found = name => name in F.surfaces ? F.surfaces[name]
  : name === "leastSquares" ? F.leastSquares(X, Y)
  : name.startsWith("quadratic") ? F.quadratic(...name.split(" ").slice(1).map(Number)) : null
const objective = name => found(name) ?? F.onLine(F.curves[name])
const reply = ({ name, points, method, start, steps }) => {
  if (!name) return { modules: [F, D].map(module => Object.keys(module)), curves: Object.keys(F.curves), surfaces: Object.keys(F.surfaces) }
  const o = objective(name)
  const facts = found(name) ?? F.curves[name]
  if (!method) return { f: points.map(o.f), grad: points.map(o.grad), hess: points.map(o.hess),
    L: facts.L, best: facts.best, minima: facts.minima, saddles: facts.saddles ?? [], domain: facts.domain }
  const [kind, ...numbers] = method
  return D.walk(o, D[kind](o, ...numbers), start, steps)
}
console.log(JSON.stringify(questions.map(reply)))
"""
EXACT = {
    "square": lambda x: x[0] ** 2,
    "quartic": lambda x: x[0] ** 4 / 4,
    "valleys": lambda x: x[0] ** 4 - 3 * x[0] ** 2 + x[0],
    "absolute": lambda x: x[0].abs(),
    "bowl": lambda x: x[0] ** 2 + 2 * x[1] ** 2,
    "himmelblau": lambda x: (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2,
    "saddle": lambda x: x[0] ** 2 + (x[1] ** 2 - 1) ** 2 / 4,
}


def quadratic(kappa, degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return lambda x: ((c * x[0] + s * x[1]) ** 2 + kappa * (c * x[1] - s * x[0]) ** 2) / 2


CLOSE = {
    "rosenbrock": lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2,
    "quadratic 1 0": quadratic(1, 0),
    "quadratic 50 30": quadratic(50, 30),
    "quadratic 100 -77": quadratic(100, -77),
    "leastSquares": lambda x: ((torch.tensor(Y, dtype=torch.float64) - x[0] * torch.tensor(X, dtype=torch.float64) - x[1]) ** 2).mean(),
}
FUNCTIONS = EXACT | CLOSE
ON_A_LINE = ("square", "quartic", "valleys", "absolute")
REACH = {"leastSquares": 500.0}


def grid(name):
    ticks = [REACH.get(name, 5.0) * tick for tick in (-1, -0.77, -0.5, -0.31, -0.1, 0, 0.017, 0.2, 0.43, 0.74, 1)]
    return [[a] for a in ticks] if name in ON_A_LINE else [[a, b] for a in ticks for b in ticks]


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """``ask([question, ...])`` runs all questions in one Node and returns its answers."""
    folder = tmp_path_factory.mktemp("node")

    def run(questions):
        given = f"const [X, Y, questions] = {json.dumps([X, Y, questions])};\n"
        (folder / "ask.js").write_text(given + PROGRAM.replace("FOLDER", str(SHARED)), "utf-8")
        esbuild = REPO / "node_modules" / ".bin" / "esbuild"
        subprocess.run([esbuild, "ask.js", "--bundle", "--minify", "--format=esm", "--outfile=out.mjs", "--log-level=error"], cwd=folder, check=True)
        return json.loads(subprocess.run(["node", "out.mjs"], cwd=folder, check=True, capture_output=True, text=True).stdout, parse_int=float)

    return run


def of_leaves(name, point):
    """The gradient with each coordinate a leaf of its own: the sums are added in the order of the formula."""
    x = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in point]
    FUNCTIONS[name](x).backward()
    return [x_i.grad.item() for x_i in x]


def hessians(name, points):
    return torch.func.vmap(torch.func.hessian(lambda x: FUNCTIONS[name](x.unbind())))(torch.tensor(points, dtype=torch.float64))


def hessian(name, point):
    return hessians(name, [point])[0]


def test_no_function_and_no_method_is_left_out(ask):
    [there] = ask([{}])
    functions, methods = map(set, there["modules"])
    assert functions == {"curves", "surfaces", "quadratic", "leastSquares", "onLine", "eigenvalues"}
    assert methods == {"gd", "preconditioned", "newton", "momentum", "walk"}
    assert tuple(there["curves"]) == ON_A_LINE
    assert set(there["surfaces"]) == {name for name in FUNCTIONS if name not in (*ON_A_LINE, "leastSquares") and " " not in name}


def test_values_gradients_and_hessians_are_autograds(ask):
    answers = ask([{"name": name, "points": grid(name)} for name in FUNCTIONS])
    for name, answer in zip(FUNCTIONS, answers):
        theirs_hess = hessians(name, grid(name))
        assert torch.allclose(torch.tensor(answer["hess"], dtype=torch.float64), theirs_hess, rtol=1e-12, atol=1e-9), name
        for point, value, grad, hess in zip(grid(name), answer["f"], answer["grad"], theirs_hess):
            tensor = torch.tensor(point, dtype=torch.float64)
            assert value == pytest.approx(FUNCTIONS[name](list(tensor)).item(), rel=1e-12, abs=1e-12), (name, point)
            theirs = of_leaves(name, point)
            if name in EXACT:
                assert grad == theirs, (name, point)
            else:
                # Relative to the size of the parts, which may cancel.
                size = float(hess.abs().sum() * (1 + tensor.abs().sum()) + max(map(abs, Y)) ** (name == "leastSquares"))
                assert grad == pytest.approx(theirs, abs=1e-12 * size), (name, point)


def test_minima_and_saddles_are_where_the_gradient_is_zero(ask):
    for name, answer in zip(FUNCTIONS, ask([{"name": name, "points": []} for name in FUNCTIONS])):
        values = []
        for kind in ("minima", "saddles"):
            for point in answer[kind]:
                point = point if isinstance(point, list) else [point]
                scale = float(hessian(name, point).abs().max()) + 1
                assert of_leaves(name, point) == pytest.approx([0] * len(point), abs=1e-9 * scale), (name, point)
                if kind == "minima":
                    values.append(FUNCTIONS[name](torch.tensor(point, dtype=torch.float64).unbind()).item())
                    assert torch.linalg.eigvalsh(hessian(name, point)).min() >= 0, (name, point)
                elif len(point) == 2:
                    assert torch.linalg.eigvalsh(hessian(name, point)).min() < 0, (name, point)
        assert values == sorted(values) or max(values) - min(values) < 1e-9, f"{name}: the lowest minimum comes first"


def test_the_smoothness_constant_and_the_best_rate_are_those_of_the_hessian(ask):
    names = [name for name in FUNCTIONS if name in ("square", "bowl", "leastSquares") or name.startswith("quadratic")]
    for name, answer in zip(names, ask([{"name": name, "points": []} for name in names])):
        values = torch.linalg.eigvalsh(hessian(name, grid(name)[0]))
        assert answer["L"] == pytest.approx(values.max().item(), rel=1e-12)
        assert answer["best"] == pytest.approx(2 / (values.max() + values.min()).item(), rel=1e-12)
    others = [name for name in FUNCTIONS if name not in names]
    assert all(answer["L"] is None for answer in ask([{"name": name, "points": []} for name in others]))


WALKS = [
    ("square", ["gd", 0.9], [5.0]),
    ("square", ["gd", 1.05], [5.0]),
    ("quartic", ["gd", 0.14], [4.0]),
    ("valleys", ["gd", 0.05], [1.8]),
    ("valleys", ["gd", 0.2], [1.8]),
    ("absolute", ["gd", 0.3], [4.2]),
    ("bowl", ["gd", 0.1], [-5.0, -2.0]),
    ("bowl", ["gd", 0.51], [-5.0, -2.0]),
    ("himmelblau", ["gd", 0.01], [-1.0, -1.0]),
    ("himmelblau", ["gd", 0.1], [5.0, 5.0]),
    ("saddle", ["gd", 0.1], [1.5, 0.001]),
]


def test_walks_of_exact_gradients_are_equal_to_the_last_bit_also_when_they_diverge(ask):
    answers = ask([{"name": name, "method": method, "start": start, "steps": 200} for name, method, start in WALKS])
    assert any(answer["end"] is not None for answer in answers)
    for (name, (_, eta), start), answer in zip(WALKS, answers):
        x = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start]
        for k in range(201):
            loss = FUNCTIONS[name](x)
            if k == answer["end"]:
                assert not torch.isfinite(torch.stack([loss, *x])).all(), (name, eta, k)
                break
            assert answer["points"][k] == [x_i.item() for x_i in x], (name, eta, k)
            loss.backward()
            with torch.no_grad():
                for x_i in x:
                    x_i -= eta * x_i.grad
                    x_i.grad = None
        assert len(answer["points"]) == (201 if answer["end"] is None else answer["end"])


STEPS = [
    *[(name, method) for name in ("himmelblau", "rosenbrock", "quadratic 50 30", "bowl") for method in (
        ["gd", 0.001], ["preconditioned", 0.001], ["newton"], ["momentum", 0.001, 0.9])],
    # Beyond their limits: 2/L, 2, 2 and 2 (1 + mu) / L of a quadratic.
    *[("quadratic 50 30", method) for method in (["gd", 0.05], ["preconditioned", 2.5], ["newton", 2.5], ["momentum", 0.1, 0.9])],
    ("rosenbrock", ["gd", 0.01]),
    ("himmelblau", ["momentum", 0.1, 0.9]),
]


def test_every_method_steps_as_torch_does_from_the_same_point_also_when_it_diverges(ask):
    for (name, method), answer in zip(STEPS, ask([{"name": n, "method": m, "start": [1.3, 0.7], "steps": 30} for n, m in STEPS])):
        kind, eta, mu = [*method, 1.0][0], [*method, 1.0][1], method[-1]
        velocity = None
        assert len(answer["points"]) > 3
        for here, there, H in zip(answer["points"], answer["points"][1:], hessians(name, answer["points"])):
            x, g = torch.tensor(here, dtype=torch.float64), torch.tensor(of_leaves(name, here), dtype=torch.float64)
            if kind == "newton":
                step = torch.linalg.solve(H, g)
            elif kind == "preconditioned":
                step = g / H.diagonal().abs()
            elif kind == "momentum":
                step = velocity = g if velocity is None else mu * velocity + g
            else:
                step = g
            size = max(1, float(x.abs().max()), float((eta * step).abs().max()))
            assert there == pytest.approx((x - eta * step).tolist(), rel=0, abs=1e-10 * size), (name, method)
        if (name, method) in STEPS[-6:]:
            assert answer["end"] is not None or max(map(abs, answer["points"][-1])) > 100, "it should diverge"


@pytest.mark.parametrize("name, eta, mu", [
    ("bowl", 0.05, 0.9), ("quadratic 50 30", 2 / 51, 0), ("quadratic 50 30", 0.05, 0.6), ("quadratic 100 -77", 0.01, 0), ("rosenbrock", 0.0005, 0)])
def test_whole_walks_are_those_of_torch_optim_sgd_where_they_contract(ask, name, eta, mu):
    method = ["momentum", eta, mu] if mu else ["gd", eta]
    (answer,) = ask([{"name": name, "method": method, "start": [-1.5, -2.0], "steps": 100}])
    x = torch.tensor([-1.5, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=eta, momentum=mu)
    for point in answer["points"]:
        assert point == pytest.approx(x.tolist(), abs=1e-9)
        optimizer.zero_grad()
        FUNCTIONS[name](x).backward()
        optimizer.step()
