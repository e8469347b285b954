package io.aisle.batch.generate;

import io.aisle.core.UserException;
import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What to generate. Two equal plans give the same catalog, byte for byte; a plan with more rows gives the same first rows.
 *
 * @param rows number of lines, 1 to 10^10
 * @param classes number of leaf classes, 24 to 32,000: the word lists make some more
 * @param seed any number; another seed gives another catalog
 * @param orderRate share of products, 0 to 0.5, whose class only the order of words tells: "case for the phone", "phone with case"
 * @param sizes how the products are shared out among the classes
 * @param rates share of rows, 0 to 1, with each fault; a fault that is left out has its default rate. At most one of
 *     {@link Fault#EXACT_COPY}, {@link Fault#NEAR_COPY}, {@link Fault#DUPLICATE_ID} and {@link Fault#BROKEN_LINE} befalls a
 *     row, so that these four may add up to 1 at most
 */
public record GeneratorPlan(
        long rows, int classes, long seed, double orderRate, ClassSizes sizes, Map<Fault, Double> rates)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final int MIN_CLASSES = 24;
    public static final int MAX_CLASSES = 32_000;

    /** Bounded so that every index has an id of ten characters, and a catalog no more files than a driver can plan. */
    public static final long MAX_ROWS = 10_000_000_000L;

    private static final double DEFAULT_ORDER_RATE = 0.12;

    public GeneratorPlan {
        if (rows < 1 || rows > MAX_ROWS) {
            throw new UserException("Cannot generate a catalog: found rows " + rows + ", expected 1 to " + MAX_ROWS
                    + ". Set another number of rows.");
        }
        if (classes < MIN_CLASSES || classes > MAX_CLASSES) {
            throw new UserException("Cannot generate a catalog: found classes " + classes + ", expected " + MIN_CLASSES
                    + " to " + MAX_CLASSES + ". Set another number of classes.");
        }
        // written so that NaN is refused too
        if (!(orderRate >= 0 && orderRate <= 0.5)) {
            throw new UserException("Cannot generate a catalog: found order rate " + orderRate
                    + ", expected 0 to 0.5. Set another order rate.");
        }
        rates = complete(rates);
        double exclusive = 0;
        for (Fault fault : CatalogGenerator.EXCLUSIVE) {
            exclusive += rates.get(fault);
        }
        if (exclusive > 1) {
            throw new UserException(
                    "Cannot generate a catalog: found rates of copies, duplicates and broken lines that add up to "
                            + exclusive + ", expected 1 at most. Lower one of " + CatalogGenerator.EXCLUSIVE + ".");
        }
    }

    /** A plan with the default rates. */
    public static GeneratorPlan of(long rows, int classes, long seed) {
        return new GeneratorPlan(rows, classes, seed, DEFAULT_ORDER_RATE, ClassSizes.STANDARD, Map.of());
    }

    /** This plan with classes of other sizes. */
    public GeneratorPlan withSizes(ClassSizes other) {
        return new GeneratorPlan(rows, classes, seed, orderRate, other, rates);
    }

    /** This plan with another rate of one fault. */
    public GeneratorPlan withRate(Fault fault, double rate) {
        Map<Fault, Double> changed = new EnumMap<>(rates);
        changed.put(fault, rate);
        return new GeneratorPlan(rows, classes, seed, orderRate, sizes, changed);
    }

    /** Share of rows with the fault, 0 to 1. */
    public double rate(Fault fault) {
        return rates.get(fault);
    }

    private static Map<Fault, Double> complete(Map<Fault, Double> given) {
        Map<Fault, Double> complete = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            double rate = given.getOrDefault(fault, fault.defaultRate());
            if (!(rate >= 0 && rate <= 1)) {
                throw new UserException("Cannot generate a catalog: found rate " + rate + " of " + fault
                        + ", expected 0 to 1. Set another rate.");
            }
            complete.put(fault, rate);
        }
        return Collections.unmodifiableMap(complete);
    }
}
