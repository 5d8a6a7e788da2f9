# SPDX-License-Identifier: Apache-2.0
"""Tables: the same decisions, one for each distinct signature, joined back to the rows."""
