package io.aisle.core.metric;

import java.io.Serializable;

/** How many rows are accepted without a person, and how many of these are right. Mergeable, so that each task may fill one of its own. */
public final class Acceptance implements Serializable {
    private static final long serialVersionUID = 1L;

    private long rows;
    private long accepted;
    private long right;

    /**
     * Counts one row.
     *
     * @param isRight of no account where it is not accepted
     */
    public void add(boolean isAccepted, boolean isRight) {
        rows++;
        accepted += isAccepted ? 1 : 0;
        right += isAccepted && isRight ? 1 : 0;
    }

    /** Adds the other's rows to these. */
    public void merge(Acceptance that) {
        rows += that.rows;
        accepted += that.accepted;
        right += that.right;
    }

    /** Of the rows, those accepted; NaN without rows. */
    public double share() {
        return (double) accepted / rows;
    }

    /** Of the accepted rows, those that are right; NaN where none is accepted. */
    public double precision() {
        return (double) right / accepted;
    }

    /** Where the precision on more rows of the same kind may lie; NaN where none is accepted. */
    public WilsonInterval precisionInterval() {
        return WilsonInterval.of(right, accepted);
    }
}
