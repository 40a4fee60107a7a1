"""The cases by the folder of templates of which they speak.

A case is a function of a folder: it builds a small store in which some rule is decisive, runs the product and
asserts what must come of it. The oracle judges verdicts and what is left.
"""

import cases_anew
import cases_archive
import cases_attachments
import cases_content
import cases_copies
import cases_export
import cases_limits
import cases_mirror
import cases_protections
import cases_reclamation
import cases_removal
import cases_sections
import cases_share
import cases_stats
import cases_trees
import cases_whole_rows

CASES = {
    "transfer": (*cases_copies.CASES, *cases_mirror.CASES, *cases_export.CASES),
    "retention": (*cases_protections.CASES, *cases_limits.CASES, *cases_trees.CASES, *cases_archive.CASES,
                  *cases_sections.CASES, *cases_share.CASES),
    "stats": cases_stats.CASES,
    "cascade": (*cases_removal.CASES, *cases_anew.CASES),
    "reclamation": (*cases_reclamation.CASES, *cases_content.CASES, *cases_attachments.CASES, *cases_whole_rows.CASES),
}
