package io.aisle.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One quantity, measured round by round; what is to be compared is measured in turns, so that a machine that slows down slows all.
 *
 * @param values one a round, at least one
 */
public record Rounds(@JsonProperty List<Double> values) {
    public Rounds {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Cannot sum up rounds: found none, expected at least one");
        }
    }

    /** The one in the middle; of an even number, the mean of the two there. */
    @JsonProperty
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }

    @JsonProperty
    public double least() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    @JsonProperty
    public double greatest() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Round by round, this to that; both were measured in the same rounds. */
    public Rounds to(Rounds other) {
        if (values.size() != other.values.size()) {
            throw new IllegalArgumentException("Cannot compare rounds: found " + values.size() + " and "
                    + other.values.size() + ", expected as many");
        }
        return new Rounds(IntStream.range(0, values.size())
                .mapToObj(round -> values.get(round) / other.values.get(round))
                .toList());
    }
}
