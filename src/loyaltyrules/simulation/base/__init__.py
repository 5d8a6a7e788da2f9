# SPDX-License-Identifier: Apache-2.0
"""What all what-ifs share: sides, measures, figures, costs, frames."""
