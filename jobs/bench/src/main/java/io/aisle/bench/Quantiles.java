package io.aisle.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A distribution of whole numbers, known at some of its quantiles and straight between them.
 *
 * @param shares ascending, from 0 to 1
 * @param values of as many quantiles, ascending
 */
record Quantiles(List<Double> shares, List<Integer> values) {
    Quantiles {
        shares = List.copyOf(shares);
        values = List.copyOf(values);
        if (shares.size() != values.size()
                || shares.size() < 2
                || shares.get(0) != 0
                || shares.get(shares.size() - 1) != 1) {
            throw new IllegalArgumentException("Cannot make a distribution: found shares " + shares + " and values "
                    + values + ", expected one value a share, from 0 to 1");
        }
    }

    /**
     * Tokens of the whole texts of MWPD 2020's {@code train.jsonl}, [CLS] and [SEP] included, before any is cut: 10,012 products with the
     * address of the page as their brand. By {@code scripts/aisle explore --input train.jsonl --format jsonl --columns
     * id=ID,title=Name,brand=URL,description=Description,feature=CategoryText --label lvl1,lvl2,lvl3}, from {@code lengths.tokens} of
     * its {@code explore.json}: straight between the edges of its bins, over a vocabulary of 8,000 pieces learnt from the same texts.
     */
    static Quantiles ofMwpd() {
        return new Quantiles(
                List.of(0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0),
                List.of(17, 54, 68, 90, 119, 162, 234, 342, 649, 1_394));
    }

    /** The value that a share of the numbers is below. */
    int at(double share) {
        int above = 1;
        while (shares.get(above) < share) {
            above++;
        }
        double from = shares.get(above - 1);
        double part = (share - from) / (shares.get(above) - from);
        return (int) Math.round(values.get(above - 1) + part * (values.get(above) - values.get(above - 1)));
    }

    /** So many numbers at even steps of their share, so that few follow the distribution as well as many do, in random order. */
    List<Integer> draw(int count, long seed) {
        List<Integer> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drawn.add(at((i + 0.5) / count));
        }
        Collections.shuffle(drawn, new Random(seed));
        return drawn;
    }
}
