# SPDX-License-Identifier: Apache-2.0
"""Tables decided day after day: on each day only those of whom something turned."""
