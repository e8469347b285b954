package io.aisle.training;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Chooses the word pieces that are to be guessed, and what is shown in their place (Devlin et al. 2019, section 3.1 and appendix C.2):
 * [MASK] for 80% of them, any piece for 10%, the piece itself for 10%.
 */
final class Masker {
    private static final double MASK_SHARE = 0.8;
    private static final double MASK_OR_OTHER_SHARE = 0.9;

    private final Masking plan;
    private final boolean[] isSpecial;
    private final int[] ordinaryIds;

    Masker(Masking plan, int vocabularySize) {
        this.plan = plan;
        this.isSpecial = new boolean[vocabularySize];
        plan.specialIds().forEach(id -> isSpecial[id] = true);
        this.ordinaryIds =
                IntStream.range(0, vocabularySize).filter(id -> !isSpecial[id]).toArray();
    }

    /**
     * What is hidden of one row.
     *
     * @param places in the row, in the order in which they were chosen
     * @param shown the id that is read at each
     */
    record Hidden(int[] places, int[] shown) {}

    /** Whether a row has a piece that can be hidden. */
    boolean canHide(int[] ids) {
        return Arrays.stream(ids).anyMatch(id -> !isSpecial[id]);
    }

    /** Hides the share of a row's ordinary pieces, rounded, and one at least; of a row that {@link #canHide}. */
    Hidden hide(int[] ids, Random random) {
        int[] inner =
                IntStream.range(0, ids.length).filter(i -> !isSpecial[ids[i]]).toArray();
        int count = Math.max(1, (int) Math.round(plan.share() * inner.length));
        int[] places = new int[count];
        int[] shown = new int[count];
        for (int i = 0; i < count; i++) {
            int chosen = i + random.nextInt(inner.length - i);
            places[i] = inner[chosen];
            inner[chosen] = inner[i];
            shown[i] = shown(ids[places[i]], random);
        }
        return new Hidden(places, shown);
    }

    private int shown(int id, Random random) {
        double draw = random.nextDouble();
        if (draw < MASK_SHARE) {
            return plan.maskId();
        }
        return draw < MASK_OR_OTHER_SHARE ? ordinaryIds[random.nextInt(ordinaryIds.length)] : id;
    }
}
