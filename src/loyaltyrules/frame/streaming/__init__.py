# SPDX-License-Identifier: Apache-2.0
"""Tables that are decided part by part, in bounded memory; beside the edge, only this needs Polars."""
