# SPDX-License-Identifier: Apache-2.0
"""Tables, words, ways and sentences become the few things of the kernel, section by section."""
