"""Each page with outputs ends with one line that is true because the build made it so: how many, by which PyTorch."""

from __future__ import annotations

from importlib.metadata import version

import verified_cells
from docutils import nodes
from packaging.version import Version
from sphinx.transforms.post_transforms import SphinxPostTransform

NOTES = {
    "zh": "本页 {outputs} 处输出与图，构建时由 PyTorch {torch} 实际运行，逐字核对无误。",
    "en": "All {outputs} outputs and figures of this page were produced by PyTorch {torch} when it was built, and checked to the letter.",
}


class AppendNote(SphinxPostTransform):
    """Append ``paragraph.verified-note`` to a page whose cells were verified."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs):
        cells = self.env.get_domain("verified_cells").data["of"].get(self.env.docname, [])
        outputs = verified_cells.outputs_in(cells)
        if outputs:
            note = NOTES[self.config.language[:2]].format(outputs=outputs, torch=Version(version("torch")).public)
            self.document.append(nodes.paragraph(note, note, classes=["verified-note"]))


def setup(app):
    app.add_post_transform(AppendNote)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
