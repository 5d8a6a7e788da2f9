# SPDX-License-Identifier: Apache-2.0
"""What tables come to: emissions, the gate, assignments, and the actions read off them."""
