package io.aisle.core.text;

/** Divides a room of tokens among fields. */
final class TokenBudget {
    private TokenBudget() {}

    /**
     * Weighted water-filling. Every field that needs anything gets one token first. The rest is divided by share; a field that
     * needs less than its share takes what it needs, and what it leaves is divided among the others by their shares, until each
     * needs more than it gets. Fractions go to the largest remainders, the earlier field first.
     *
     * @param needs tokens that each field could use
     * @param shares above 0
     * @param room tokens to give, at least the number of fields
     * @return tokens for each field, at most its need; together {@code room}, or all needs if that is less
     */
    static int[] divide(int[] needs, double[] shares, int room) {
        int fields = needs.length;
        int[] budgets = new int[fields];
        boolean[] open = new boolean[fields];
        int left = room;
        for (int i = 0; i < fields; i++) {
            budgets[i] = Math.min(needs[i], 1);
            left -= budgets[i];
            open[i] = needs[i] > 1;
        }
        for (boolean settled = false; !settled; ) {
            settled = true;
            double perShare = left / sum(shares, open);
            for (int i = 0; i < fields; i++) {
                if (open[i] && needs[i] - 1 <= perShare * shares[i]) {
                    budgets[i] = needs[i];
                    left -= needs[i] - 1;
                    open[i] = false;
                    settled = false;
                }
            }
        }
        addLargestRemainders(budgets, shares, open, left);
        return budgets;
    }

    private static void addLargestRemainders(int[] budgets, double[] shares, boolean[] open, int left) {
        double perShare = left / sum(shares, open);
        double[] remainders = new double[budgets.length];
        int given = 0;
        for (int i = 0; i < budgets.length; i++) {
            if (open[i]) {
                int whole = (int) (perShare * shares[i]);
                remainders[i] = perShare * shares[i] - whole;
                budgets[i] += whole;
                given += whole;
            }
        }
        for (; given < left; given++) {
            int largest = -1;
            for (int i = 0; i < budgets.length; i++) {
                if (open[i] && (largest < 0 || remainders[i] > remainders[largest])) {
                    largest = i;
                }
            }
            if (largest < 0) {
                return;
            }
            budgets[largest]++;
            remainders[largest] = -1;
        }
    }

    private static double sum(double[] shares, boolean[] open) {
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += open[i] ? shares[i] : 0;
        }
        return sum;
    }
}
