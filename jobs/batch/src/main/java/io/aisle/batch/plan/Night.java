package io.aisle.batch.plan;

/**
 * What a night takes on some machines.
 *
 * @param dollars for the machines and the service, for no longer than the night
 */
record Night(long nodes, double seconds, double dollars) {
    private static final double SECONDS_OF_AN_HOUR = 3600;

    /** A night in which all products are scored: each is read and cleaned, scored, and written. */
    static Night full(PlanSettings settings, Rates rates, Shape shape, Scorer scorer) {
        return of(settings, rates, shape, scorer, 1, 0);
    }

    /** A night in which the changed share is scored: each product is read, cleaned, compared with the run before, and written. */
    static Night changed(PlanSettings settings, Rates rates, Shape shape, Scorer scorer) {
        return of(
                settings,
                rates,
                shape,
                scorer,
                settings.changed(),
                rates.compare().coreSeconds(settings.tokens()));
    }

    private static Night of(
            PlanSettings settings, Rates rates, Shape shape, Scorer scorer, double scored, double compareSeconds) {
        double coreSeconds = rates.readAndClean().coreSeconds(settings.tokens())
                + compareSeconds
                + rates.write().coreSeconds(settings.tokens());
        double nodeSeconds =
                settings.rows() * (coreSeconds / shape.cores() + scored * scorer.nodeSeconds(rates, shape, settings));
        long nodes = settings.nodes(shape, nodeSeconds);
        return new Night(nodes, nodeSeconds / nodes, nodeSeconds / SECONDS_OF_AN_HOUR * shape.price());
    }
}
