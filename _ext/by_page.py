"""What an extension keeps of each page, so that it holds from one build to the next and from several readers alike."""

from __future__ import annotations

from sphinx.domains import Domain


class ByPage(Domain):
    """A domain whose parts, which `initial_data` names, are each ``{docname: what was found there}``.

    A page that is read again is forgotten first; what another process has read is taken over.
    """

    data_version = 1

    def clear_doc(self, docname):
        for part in self.initial_data:
            self.data[part].pop(docname, None)

    def merge_domaindata(self, docnames, otherdata):
        for part in self.initial_data:
            self.data[part] |= {docname: otherdata[part][docname] for docname in docnames if docname in otherdata[part]}
