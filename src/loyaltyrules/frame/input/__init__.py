# SPDX-License-Identifier: Apache-2.0
"""Tables as they are given: recognised, read in the types of their facts, faulty rows set aside."""
