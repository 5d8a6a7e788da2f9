# SPDX-License-Identifier: Apache-2.0
"""What one record lacks, and what it loses."""
