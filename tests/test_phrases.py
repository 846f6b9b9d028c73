"""A phrase of a chapter that sets a picture shows what the chapter says of it: each is pressed where it stands."""

import re

import pytest
from playwright.sync_api import expect

from tiny import REPO

# What each phrase of a chapter must make its picture say, somewhere in it; parts of it in the order of the page.
TOLD = {
    "autograd": {
        "前向走完": "前向算出 f，同时留下一个 AddBackward0",
        "x 收到两份梯度": "2 条边送来的都到齐了，加成一份。AccumulateGrad 把收到的梯度放进 x.grad",
        "u 等两份到齐才往下送": "送到 u 的几份到齐了，先加起来（9. + 6. = 15.）",
        "第二遍停在第一个要用它们的 Function": "轮到 SinBackward0 时，它前向存下的张量已经释放",
        "剪掉两条边中的一条": "x.grad：None → -2.1119 → -4.2238",
    },
    "jacobian": {
        "缩到 0.01": "真实的像是 3.025 倍",
        "看它怎样压扁": "平行四边形压扁成一条线段",
        "缩到 s = 0.1": "真实的像是 3.257 倍",
        "极坐标": "det J = 3。平行四边形的面积是方块的 3 倍，真实的像是 3.25 倍",
        "折叠": "det J = −2。负号说明图形翻了面",
        "跨过虚线": "方块跨过了 det J = 0 的线，像折了起来",
        "取 v 为 e₁": "vᵀJ = 1 ×",
    },
    "gradient-descent-1d": {
        "太慢": "太慢：每一步误差都乘 1 − ηL = 0.94",
        "一步到位": "1 − ηL = 0，一步就到最低点",
        "摆动": "摆动收敛：每一步误差都乘 1 − ηL = −0.9",
        "永远振荡": "1 − ηL = −1，绝对值恰好是 1：永远在两点之间来回",
        "刚好越过 2/L": "发散：每一步误差都乘 1 − ηL = −1.1",
        "4.4": "摆动收敛",
        "4.5": "发散：落到更陡的坡上",
        "小步走进右谷": "单调收敛：每一步都朝同一边走",
        "一步跨进左谷": "第 1 步从 2 到 −0.52",
        "在两个点之间来回": "最后在 2 个点之间循环",
        "看上去毫无规律": "混沌：既不停下，也不循环",
    },
    "gradient-descent-nd": {
        "站到这个原点上": "点积说 0.7071（红虚线），差商却不论 h 多小都是 u₁³ = 0.3536",
        "朝 39 度看": "cos(180.3°)",
        "最陡的下坡": "最陡的下坡。u = −∇f/‖∇f‖",
        "沿着等高线": "不升不降。u 与梯度垂直",
        "站到驻点上": "驻点。∇f = 0，每个方向的变化率都是 0",
        "踩在门槛上": "沿 λ = 4 的方向，误差每步乘 −1。绝对值恰好是 1 的方向永远在两点之间来回",
        "越过一点点": "发散：沿 λ = 2 的方向，误差每步乘 −0.02；沿 λ = 4 的方向，误差每步乘 −1.04",
        "降到 1/L": "太慢：沿 λ = 1 的方向，误差每步乘 0.98；沿 λ = 50 的方向，误差每步乘 0",
        "越过 2/L 一点点": "发散：沿 λ = 1 的方向，误差每步乘 0.9595；沿 λ = 50 的方向，误差每步乘 −1.025",
        "把峡谷变成正圆": "单调收敛：沿 λ = 1 的方向，误差每步乘 0",
        "没转的峡谷": "收敛：两条轴与坐标轴对齐，各走各的尺子，一步就到",
        "转了 30 度的峡谷": "条件数只从 50 变成 38",
        "走一遍": "牛顿步奔向它的驻点",
    },
    "sgd": {
        "走到头，看噪声球": "停在噪声球里：尾段",
        "学习率减到 0.02": "精确解是 0.00235",
        "换成递减的学习率": "越走越近：没有地板",
        "SGD 的平均却爆炸": "平均爆炸：η = 0.4 超过这个批量的门槛 0.297",
        "第 24 个样本梯度": "梯度下降.*步数1.*SGD.*步数24.*小批量.*步数6",
    },
}


def test_no_phrase_of_a_chapter_is_left_out():
    found = {path.stem: re.findall(r"\{set\}`([^<`]+?) <", path.read_text("utf-8")) for path in REPO.glob("chapters/*.md")}
    assert {chapter: sorted(phrases) for chapter, phrases in found.items()} == {chapter: sorted(told) for chapter, told in TOLD.items()}


@pytest.mark.parametrize("chapter", TOLD)
def test_the_picture_says_what_the_chapter_says(chapter, site, page_at):
    page = page_at(site / "chapters" / f"{chapter}.html", reduced_motion="reduce")  # it jumps to its picture
    for picture in page.locator("figure.explorable").all():
        expect(picture).to_contain_class("alive")
    for phrase, sentence in TOLD[chapter].items():
        button = page.locator("button.sets").filter(has_text=re.compile(f"^{re.escape(phrase)}$"))
        picture = page.locator(f"figure[data-explorable={button.get_attribute('data-explorable')}]")
        pattern = re.compile(sentence if ".*" in sentence else re.escape(sentence), re.DOTALL)
        button.press("Enter")
        expect(picture).to_contain_text(pattern)
