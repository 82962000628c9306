"""``Series``, the class that users have: it lists the functions of this folder."""

from __future__ import annotations

from tb_wordembed.read import (
    axes,
    basis,
    drift,
    findings,
    groups,
    large_tables,
    layouts,
    motion,
    neighbors,
    noise,
    positions,
    probes,
    reference,
    report,
    similarity,
    step_measures,
    trajectories,
    undertrained,
)
from tb_wordembed.read.logged_series import LoggedSeries


class Series(LoggedSeries):
    """The snapshots of one run and tag, and the measures of them.

    Each method is a function of the module that is named beside it. Inside of this
    class, the method with the name of its module comes last: it hides the module.
    """

    path = drift.path
    norms = drift.norms
    breaks = drift.breaks
    drift = drift.drift
    group_trajectories = groups.group_trajectories
    groups = groups.groups

    trajectory = trajectories.trajectory
    trajectories = trajectories.trajectories

    neighbor_change = neighbors.neighbor_change
    all_neighbors = neighbors.all_neighbors
    turnover = neighbors.turnover
    turnover_estimate = neighbors.turnover_estimate
    second_order_drift = neighbors.second_order_drift
    all_second_order_drift = neighbors.all_second_order_drift
    neighbors = neighbors.neighbors
    motion = motion.motion

    axis = axes.axis
    axis_trails = axes.axis_trails
    analogy = axes.analogy
    axes = axes.axes

    similarity_matrix = similarity.similarity_matrix
    alignment = reference.alignment
    rows_in_reference = reference.rows_in_reference
    only_in_reference = reference.only_in_reference
    noise_floor = noise.noise_floor
    usual_overlap = noise.usual_overlap

    health_so_far = step_measures.health_so_far
    updates = step_measures.updates
    settled_step = step_measures.settled_step
    health = step_measures.health
    findings_between = findings.findings_between
    findings = findings.findings
    undertrained = undertrained.undertrained
    probe = probes.probe

    basis_steps = basis.basis_steps
    shown_components = basis.shown_components
    basis = basis.basis
    reference_positions = positions.reference_positions
    explained_variance_ratio = positions.explained_variance_ratio
    trails = positions.trails
    positions = positions.positions
    report, _repr_html_ = report.report, report.repr_html

    rows_within = large_tables.rows_within
    chosen_drift = large_tables.chosen_drift
    chosen_norms = large_tables.chosen_norms
    chosen_positions = large_tables.chosen_positions

    layout_tokens = layouts.layout_tokens
    layout = layouts.layout
    quality = layouts.quality
    quality_of = layouts.quality_of
    token_trust = layouts.token_trust
