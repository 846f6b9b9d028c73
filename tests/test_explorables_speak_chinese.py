"""On a Chinese page every picture speaks Chinese: what its controls are called, and its sentences."""

import re

import pytest
from playwright.sync_api import expect

from lively import lively

PICTURES = {
    "descent-1d": ":eta: 0.9",
    "descent-2d": ":kappa: 50\n:angle: 0\n:x1: -5\n:x2: -1\n:eta: 0.0392157",
    "directions": "",
    "graph": "",
    "jacobian-map": "",
    "walk": ":eta: 0.1\n:b: 4\n:k: 28",
}
PAGE = "# 一页\n\n" + "".join(
    f"```{{explorable}} {name}\n{options}\n\n图注。\n\nThe static picture.\n```\n\n" for name, options in PICTURES.items()
)


@pytest.fixture(scope="module")
def built(tmp_path_factory, windows):
    with lively(tmp_path_factory.mktemp("chinese"), windows, PAGE, *PICTURES, language="zh_CN") as pages:
        yield pages


@pytest.fixture
def figure(pages):
    """``figure(name)`` is the picture `name`, alive, and without its static picture."""
    page = pages.open()

    def find(name):
        figure = page.locator(f"figure[data-explorable={name}]")
        expect(figure).to_contain_class("alive")
        expect(figure.get_by_text("The static picture.")).to_be_hidden()
        return figure

    return find


def test_every_picture_does(figure):
    line = figure("descent-1d")
    expect(line.get_by_role("slider", name="学习率 η")).to_be_visible()
    expect(line.locator(".verdict")).to_contain_text("摆动收敛")

    plane = figure("descent-2d")
    expect(plane.get_by_role("button", name=re.compile("^牛顿法"))).to_be_visible()
    expect(plane.locator(".verdict")).to_contain_text("摆动收敛")

    directions = figure("directions")
    expect(directions.get_by_role("slider", name="方向 u")).to_be_visible()
    expect(directions.locator(".verdict")).to_have_text("下坡。沿 u 的变化率是 −12.4。最小的是绿圈处的 −‖∇f‖ = −12.81。")

    graph = figure("graph")
    expect(graph.get_by_role("button", name="u，MulBackward0，10.")).to_be_visible()
    expect(graph.locator(".told")).to_have_text("乘法：对一个因子的导数，是另一个因子。它的值是前向时存下的。")

    jacobian = figure("jacobian-map")
    expect(jacobian.get_by_role("slider", name="方块的边长 s")).to_be_visible()
    expect(jacobian.locator(".verdict")).to_have_text(
        "det J = 3。平行四边形的面积是方块的 3 倍，真实的像是 4.417 倍；方块越小，两者越接近。这里 det J = 2x₁² + x₂。"
    )

    walk = figure("walk")
    expect(walk.locator(".verdict")).to_contain_text("停在噪声球里：尾段")
    expect(walk.get_by_role("slider", name="学习率 η")).to_be_visible()
