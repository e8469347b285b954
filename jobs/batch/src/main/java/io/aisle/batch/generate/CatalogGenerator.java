package io.aisle.batch.generate;

import io.aisle.batch.generate.Draws.Purpose;
import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a synthetic product catalog line by line. Every line is a pure function of the plan and its index, and does not depend
 * on the number of rows: any partitioning gives the same catalog, and a larger one starts with the smaller one's rows.
 *
 * <p>Copies, near-copies and duplicates repeat an earlier row, which is computed again. Safe to share between threads; travels
 * to executors as its plan.
 */
public final class CatalogGenerator implements Serializable {
    private static final long serialVersionUID = 1L;

    /** At most one of these befalls a row, in this order of their ranges in one draw. */
    static final List<Fault> EXCLUSIVE =
            List.of(Fault.BROKEN_LINE, Fault.DUPLICATE_ID, Fault.EXACT_COPY, Fault.NEAR_COPY);

    private static final List<Breakage> BREAKAGES = List.copyOf(EnumSet.complementOf(EnumSet.of(Breakage.NONE)));

    /** An id is G and nine digits of base 36. */
    private static final long IDS = 101_559_956_668_416L;

    /** Odd and no multiple of 3, so coprime to 36^9: neighbouring rows get distant ids, and no two rows the same. */
    private static final long ID_STEP = 5_999_999L;

    private static final int ID_DIGITS = 9;

    /** How many rows to look at for one that may be repeated; more than enough unless hardly any row may be. */
    private static final int MAX_PROBES = 64;

    private final GeneratorPlan plan;
    private final transient LeafCatalog leaves;
    private final transient ProductWriter products;
    private final transient LineWriter lines;

    public CatalogGenerator(GeneratorPlan plan) {
        Words words = Words.load();
        this.plan = plan;
        this.leaves = LeafCatalog.of(plan.classes(), plan.sizes(), words);
        this.products = new ProductWriter(words, plan.orderRate());
        this.lines = new LineWriter();
    }

    public GeneratorPlan plan() {
        return plan;
    }

    /** The leaf classes, the most frequent first. */
    List<Leaf> leaves() {
        return leaves.leaves();
    }

    /**
     * One line of the catalog, without a line end.
     *
     * @param index 0 to rows - 1
     */
    public String line(long index) {
        return lines.line(row(index), Draws.of(plan.seed(), index, Purpose.LINE));
    }

    /**
     * The truth behind {@link #line}.
     *
     * @param index 0 to rows - 1
     */
    public GeneratedRow row(long index) {
        if (index < 0 || index >= plan.rows()) {
            throw new IndexOutOfBoundsException(
                    "Cannot generate row " + index + ": expected 0 to " + (plan.rows() - 1));
        }
        Fault kind = kind(index);
        if (kind == Fault.BROKEN_LINE) {
            return finish(index, index, asin(index), listing(index), kind, -1);
        }
        long source = kind == null ? -1 : source(index);
        if (source < 0) {
            return finish(index, index, asin(index), listing(index), null, -1);
        }
        if (kind == Fault.EXACT_COPY) {
            // the faults of the source's own index, so that the copy is exact
            return finish(index, source, asin(index), listing(source), kind, source);
        }
        Listing original = listing(source);
        String title = products.reword(original.title(), draws(index, Purpose.REWORDING));
        String asin = asin(kind == Fault.DUPLICATE_ID ? source : index);
        return finish(index, index, asin, original.withTitle(title), kind, source);
    }

    /** The exclusive fault of a row, or null. */
    private Fault kind(long index) {
        double draw = draws(index, Purpose.KIND).unit();
        for (Fault fault : EXCLUSIVE) {
            draw -= plan.rate(fault);
            if (draw < 0) {
                return fault;
            }
        }
        return null;
    }

    /** An earlier row that repeats none and is whole; -1 where none is found, as for the first row. */
    private long source(long index) {
        if (index == 0) {
            return -1;
        }
        Draws draws = draws(index, Purpose.SOURCE);
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            long candidate = draws.below(index);
            if (kind(candidate) == null) {
                return candidate;
            }
        }
        return -1;
    }

    private Listing listing(long index) {
        return products.write(leaves.at(Draws.spread(plan.seed(), index)), draws(index, Purpose.CONTENT));
    }

    private GeneratedRow finish(long index, long faultIndex, String asin, Listing listing, Fault kind, long source) {
        Draws draws = draws(faultIndex, Purpose.FAULTS);
        Set<Fault> faults = drawnFaults(draws);
        Draft draft = new Draft(listing);
        for (Fault fault : faults) {
            apply(fault, draft, draws);
        }
        Leaf label = faults.contains(Fault.WRONG_LABEL) ? leaves.drawOther(listing.leaf(), draws) : listing.leaf();
        Breakage breakage = Breakage.NONE;
        if (kind != null) {
            faults.add(kind);
        }
        if (kind == Fault.BROKEN_LINE) {
            breakage = draws.pick(BREAKAGES);
        }
        return new GeneratedRow(
                index,
                asin,
                draft.title(),
                draft.brand(),
                draft.description(),
                draft.feature(),
                listing.leaf().path(),
                label.path(),
                listing.isOrderDecided(),
                faults,
                source,
                breakage);
    }

    private Set<Fault> drawnFaults(Draws draws) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (!EXCLUSIVE.contains(fault) && draws.chance(plan.rate(fault))) {
                faults.add(fault);
            }
        }
        return faults;
    }

    /** What is missing goes first, as the enum's order has it, so that a text fault always leaves its trace. */
    private static void apply(Fault fault, Draft draft, Draws draws) {
        switch (fault) {
            case MISSING_BRAND -> draft.dropBrand();
            case MISSING_DESCRIPTION -> draft.dropDescription();
            case MISSING_FEATURE -> draft.dropFeature();
            case UNICODE -> draft.change(text -> TextFaults.unicode(text, draws), draws);
            case SPECIAL_TOKEN -> draft.change(text -> TextFaults.specialToken(text, draws), draws);
            case ENTITY -> draft.change(text -> TextFaults.entities(text, draws), draws);
            case HTML -> draft.change(text -> TextFaults.html(text, draws), draws);
            default -> {
                // labels, copies and broken lines leave the text alone
            }
        }
    }

    private String asin(long index) {
        long number = Math.floorMod(index * ID_STEP + Math.floorMod(Draws.mix(plan.seed()), IDS), IDS);
        char[] id = new char[ID_DIGITS + 1];
        id[0] = 'G';
        for (int i = ID_DIGITS; i > 0; i--) {
            id[i] = Character.toUpperCase(
                    Character.forDigit((int) (number % Character.MAX_RADIX), Character.MAX_RADIX));
            number /= Character.MAX_RADIX;
        }
        return new String(id);
    }

    private Draws draws(long index, Purpose purpose) {
        return Draws.of(plan.seed(), index, purpose);
    }

    private Object readResolve() {
        return new CatalogGenerator(plan);
    }
}
