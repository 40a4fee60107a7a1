"""All single changes to the templates, by what they break."""

from cases_anew import MUTANTS as ANEW
from cases_export import MUTANTS as EXPORT
from cases_stats import MUTANTS as STATS
from mutants_cascade import CASCADE
from mutants_content import ATTACHMENTS, CONTENT, LEFTOVERS
from mutants_copies import COPIES
from mutants_mirror import MIRROR
from mutants_reclamation import LONGER, RECLAMATION
from mutants_sections import SECTIONS
from mutants_share import SHARE
from mutants_trees import SUMS, TREES
from mutants_verdict import CHILDREN, PLAIN, VERDICT

MUTANTS = [*CONTENT, *LEFTOVERS, *ATTACHMENTS, *VERDICT, *PLAIN, *TREES, *CHILDREN, *SUMS, *CASCADE, *RECLAMATION,
           *LONGER, *COPIES, *MIRROR, *SECTIONS, *SHARE, *ANEW, *STATS, *EXPORT]
