package io.aisle.batch.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A listing on its way to a row: the fields that faults change in place. */
final class Draft {
    private String title;
    private String brand;
    private final List<String> description;
    private final List<String> feature;

    Draft(Listing listing) {
        this.title = listing.title();
        this.brand = listing.brand();
        this.description = new ArrayList<>(listing.description());
        this.feature = new ArrayList<>(listing.feature());
    }

    String title() {
        return title;
    }

    String brand() {
        return brand;
    }

    List<String> description() {
        return description;
    }

    List<String> feature() {
        return feature;
    }

    void dropBrand() {
        brand = "";
    }

    void dropDescription() {
        description.clear();
    }

    void dropFeature() {
        feature.clear();
    }

    /** Changes one text: mostly of the description or the bullets, where there are any, else the title. */
    void change(UnaryOperator<String> fault, Draws draws) {
        boolean isLong = draws.chance(0.75);
        if (isLong && !description.isEmpty() && (feature.isEmpty() || draws.chance(0.6))) {
            description.set(0, fault.apply(description.get(0)));
        } else if (isLong && !feature.isEmpty()) {
            int bullet = draws.below(feature.size());
            feature.set(bullet, fault.apply(feature.get(bullet)));
        } else {
            title = fault.apply(title);
        }
    }
}
