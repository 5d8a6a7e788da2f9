# SPDX-License-Identifier: Apache-2.0
"""The exact threshold of a figure."""
