package io.aisle.batch.train.compare;

import io.aisle.batch.measure.EvaluationReport;

/** What a winner can be chosen by. */
enum Criterion {
    ACCURACY("accuracy", true, Tie.MCNEMAR),
    WEIGHTED_F1("weighted_f1", true, Tie.MCNEMAR),
    MACRO_F1("macro_f1", true, Tie.MCNEMAR),
    LEVELS_F1(EvaluationReport.LEVELS_MEAN, true, Tie.MCNEMAR),
    TOP_3("top_3_accuracy", true, Tie.MCNEMAR),
    AUC("weighted_auc", true, Tie.DIFFERENCE),
    LOG_LOSS("log_loss", false, Tie.DIFFERENCE),
    CALIBRATION("expected_calibration_error", false, Tie.DIFFERENCE),
    /** Rows scored a second. */
    INFERENCE("", true, Tie.PROPORTION) {
        @Override
        double of(Entrant entrant) {
            return entrant.rowsPerSecond();
        }
    },
    /** Seconds of training. */
    TRAINING("", false, Tie.PROPORTION) {
        @Override
        double of(Entrant entrant) {
            return entrant.trainSeconds();
        }
    },
    /** Bytes of the model. */
    SIZE("", false, Tie.PROPORTION) {
        @Override
        double of(Entrant entrant) {
            return entrant.modelBytes();
        }
    };

    /** Numbers of a model's quality that are no further apart are equal. */
    private static final double EQUAL_QUALITY = 0.002;
    /** Seconds and bytes that are no further apart, in proportion, are equal: measured again they would be as far. */
    private static final double EQUAL_COST = 0.1;

    /** When two models are equal by a criterion. */
    private enum Tie {
        /** Where McNemar's test finds no difference between them. */
        MCNEMAR,
        DIFFERENCE,
        PROPORTION
    }

    private final String metric;
    private final boolean isMoreBetter;
    private final Tie tie;

    Criterion(String metric, boolean isMoreBetter, Tie tie) {
        this.metric = metric;
        this.isMoreBetter = isMoreBetter;
        this.tie = tie;
    }

    double of(Entrant entrant) {
        return entrant.metric(metric);
    }

    /** Whether the first is better; a number is better than none. */
    boolean isBetter(double first, double second) {
        if (Double.isNaN(first) || Double.isNaN(second)) {
            return !Double.isNaN(first) && Double.isNaN(second);
        }
        return isMoreBetter ? first > second : first < second;
    }

    /**
     * Whether another is as good as the best.
     *
     * @param pValue of McNemar's test between the two
     */
    boolean isTie(double best, double other, double pValue) {
        return switch (tie) {
            case MCNEMAR -> best == other || pValue >= Leaderboard.SIGNIFICANT;
            case DIFFERENCE -> Math.abs(best - other) <= EQUAL_QUALITY;
            case PROPORTION -> Math.abs(best - other) <= EQUAL_COST * Math.abs(best);
        };
    }

    /** Why a tie is one, in words. */
    String tieInWords() {
        return switch (tie) {
            case MCNEMAR -> "no difference by McNemar's test (p >= " + Leaderboard.SIGNIFICANT + ")";
            case DIFFERENCE -> "within " + EQUAL_QUALITY;
            case PROPORTION -> "within " + Math.round(100 * EQUAL_COST) + "%";
        };
    }
}
