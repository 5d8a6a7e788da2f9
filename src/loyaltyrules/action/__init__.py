# SPDX-License-Identifier: Apache-2.0
"""Actions: instructions as data, what may be said of them, and how a host applies them."""
