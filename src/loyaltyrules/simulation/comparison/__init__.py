# SPDX-License-Identifier: Apache-2.0
"""Two policies on the same records."""
