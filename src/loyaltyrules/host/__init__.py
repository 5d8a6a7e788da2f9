# SPDX-License-Identifier: Apache-2.0
"""What a host hands in and looks at, of whatever make: days, records, notebooks, logs."""
