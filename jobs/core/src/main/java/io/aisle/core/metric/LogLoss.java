package io.aisle.core.metric;

import java.io.Serializable;

/**
 * The mean of -ln p(truth), in nats: the cross-entropy that training minimises. 0 is perfect; ln K is what equal
 * probabilities for K classes give.
 *
 * <p>p is raised to at least 1e-15, so that one row costs at most 34.5: softmax in float32 gives an exact 0 where a
 * logit lies some 100 below the greatest, and one such row would make the mean infinite. Rows whose truth is no label
 * of the model have no p(truth) and are not counted here. Mergeable, so that each task may fill one of its own.
 */
public final class LogLoss implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final double SMALLEST = 1e-15;

    private long rows;
    private double sum;

    /** Counts one row by the probability, 0 to 1, that its truth was given. */
    public void add(double probabilityOfTruth) {
        sum -= Math.log(Math.max(Probability.check(probabilityOfTruth), SMALLEST));
        rows++;
    }

    /** Adds the other's rows to these. */
    public void merge(LogLoss that) {
        rows += that.rows;
        sum += that.sum;
    }

    /** In nats a row; NaN without rows. */
    public double mean() {
        return sum / rows;
    }
}
