# SPDX-License-Identifier: Apache-2.0
# find_package(ridgepoint) gives ridgepoint::ridgepoint, the whole library as one target.
