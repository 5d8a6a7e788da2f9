# SPDX-License-Identifier: Apache-2.0
"""The condition language: text → tree → typed tree → a function of a record's facts."""
